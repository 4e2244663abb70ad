import CTorch
import CairnNN

extension TorchTensor {
    /// Photos as networks take them: `[N, 3, H, W]`, normalised, channels innermost in memory.
    ///
    /// - Parameters:
    ///   - bytes: `[N, H, W, 3]`, RGB, row-major; copied.
    ///   - mean: What is taken off each channel, in units of bytes.
    ///   - deviation: What each channel is divided by, in units of bytes.
    ///   - device: Where the tensor will be; bytes travel, floats do not.
    /// - Throws: `TorchError` where bytes do not fill the shape.
    public static func images(
        _ bytes: UnsafeBufferPointer<UInt8>, count: Int, height: Int, width: Int, mean: [Float], deviation: [Float],
        device: TorchDevice = .cpu
    ) throws(TorchError) -> TorchTensor {
        guard bytes.count == count * height * width * 3, mean.count == 3, deviation.count == 3 else {
            throw TorchError(
                .invalidArgument, "\(bytes.count) bytes do not fill \(count) photos of \(width)x\(height) in RGB")
        }
        let sizes = [count, height, width, 3].map(Int64.init)
        let handle = try TorchError.check {
            cairn_torch_make(bytes.baseAddress, TorchElementType.uint8.rawValue, sizes, 4, device.number, $0)
        }
        guard let handle else { throw TorchError(.failure, "a batch of \(count) photos could not be made") }
        let channels = try ATen.permute(TorchTensor(owning: handle), [0, 3, 1, 2])
        let floats = try channels.converted(to: .float32)
        try subtractInPlace.run(floats, TorchTensor(mean, shape: [1, 3, 1, 1], device: device))
        try divideInPlace.run(floats, TorchTensor(deviation, shape: [1, 3, 1, 1], device: device))
        return floats
    }

    private static let subtractInPlace = ATen("aten::sub_", "Tensor")
    private static let divideInPlace = ATen("aten::div_", "Tensor")
}
