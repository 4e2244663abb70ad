extension UnsafeMutableBufferPointer {
    /// Moves the `count` elements of greatest key to the front, in no order, and returns the least of their keys.
    ///
    /// Linear on average (quickselect). Keys must have an order.
    @inline(__always)
    func moveGreatest<Key: Comparable>(_ count: Int, by key: (Element) -> Key) -> Key {
        precondition((1...self.count).contains(count), "the greatest \(count) of \(self.count)")
        var (first, last) = (0, self.count - 1)
        while first < last {
            // The median of three keys that are there already: equal keys are exchanged, so that they part in halves.
            let (a, b, c) = (key(self[first]), key(self[(first + last) / 2]), key(self[last]))
            let pivot = Swift.max(Swift.min(a, b), Swift.min(Swift.max(a, b), c))
            var (low, high) = (first, last)
            while low <= high {
                while key(self[low]) > pivot { low += 1 }
                while key(self[high]) < pivot { high -= 1 }
                if low <= high {
                    swapAt(low, high)
                    low += 1
                    high -= 1
                }
            }
            if count - 1 <= high {
                last = high
            } else if count - 1 >= low {
                first = low
            } else {
                break
            }
        }
        return key(self[count - 1])
    }
}
