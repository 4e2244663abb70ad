import Foundation

/// All bytes of a file, and its stamp from before they were read.
struct FileContent {
    var data: Data
    var stamp: FileStamp

    /// Reads a file of at most `limit` bytes; `nil` when it is gone.
    init?(path: String, limit: Int64) throws {
        let file: PosixFile
        do {
            // A pipe put in the file's place must not hold up the run.
            file = try PosixFile(path: path, flags: O_RDONLY | O_NONBLOCK)
        } catch let error as CollectionError where error.kind == .notFound {
            return nil
        }
        let status = try file.status()
        stamp = FileStamp(status)
        guard status.st_mode & S_IFMT == S_IFREG, stamp.size <= limit else {
            throw CollectionError(.failure, "\(path) changed while it was being read; run again")
        }
        let count = Int(stamp.size)
        guard count > 0 else {
            data = Data()
            return
        }
        guard let buffer = malloc(count) else {
            throw CollectionError(.resourceExhausted, "there is no memory for the \(count) bytes of \(path)")
        }
        var done = 0
        while done < count {
            let got = read(file.descriptor, buffer + done, count - done)
            if got < 0 && errno == EINTR { continue }
            guard got >= 0 else {
                let error = CollectionError.system("read", path, errno: errno)
                free(buffer)
                throw error
            }
            if got == 0 { break }
            done += got
        }
        data = Data(bytesNoCopy: buffer, count: done, deallocator: .free)
    }
}
