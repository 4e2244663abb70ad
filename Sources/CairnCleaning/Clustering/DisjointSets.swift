/// Which things are connected: sets that can be united. Practically constant time for each operation.
struct DisjointSets {
    /// A set's root has itself for parent.
    private var parents: [Int32]
    private var sizes: [Int32]

    /// Each thing is a set of its own.
    init(count: Int) {
        precondition(count <= Int(Int32.max), "\(count) things have no 32-bit numbers")
        parents = (0..<Int32(count)).map { $0 }
        sizes = [Int32](repeating: 1, count: count)
    }

    /// The thing that stands for the set of `member`.
    mutating func root(of member: Int) -> Int {
        var current = Int32(member)
        while parents[Int(current)] != current {
            // Each step also halves the path for the next one.
            let grandparent = parents[Int(parents[Int(current)])]
            parents[Int(current)] = grandparent
            current = grandparent
        }
        return Int(current)
    }

    /// Makes one set of two. Nothing changes when they are one already.
    mutating func unite(_ first: Int, _ second: Int) {
        let (left, right) = (root(of: first), root(of: second))
        guard left != right else { return }
        let (large, small) = sizes[left] >= sizes[right] ? (left, right) : (right, left)
        parents[small] = Int32(large)
        sizes[large] += sizes[small]
    }
}
