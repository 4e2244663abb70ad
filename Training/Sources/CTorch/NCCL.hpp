// NCCL, opened by name: an executable that never links it serves machines without CUDA too.
#pragma once

#include <ATen/core/Tensor.h>
#include <c10/core/Event.h>

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace cairn {

// NCCL's interface as nccl.h of version 2 has it: results are 0 for success.
class NCCLLibrary {
 public:
    using Communicator = struct NCCLCommunicator *;
    struct UniqueId {
        char bytes[128];
    };

    // The library, opened once. Throws where it is not there.
    static const NCCLLibrary &opened();

    // What all processes of a communicator must have got from one of them.
    std::vector<uint8_t> uniqueId() const;
    void check(int result, const char *what) const;

    int (*getUniqueId)(UniqueId *);
    int (*commInitRank)(Communicator *, int count, UniqueId, int rank);
    int (*commDestroy)(Communicator);
    int (*commAbort)(Communicator);
    int (*commGetAsyncError)(Communicator, int *result);
    int (*allReduce)(
        const void *from, void *to, size_t count, int type, int operation, Communicator, void *stream);
    int (*broadcast)(
        const void *from, void *to, size_t count, int type, int root, Communicator, void *stream);
    const char *(*getErrorString)(int result);

 private:
    NCCLLibrary();
};

// One process's end of a communicator. Work is put on the device's current stream and not waited for: a thread watches it, and
// gives the communicator up where work fails or takes longer than the timeout, so that nobody waits for ever for a dead process.
class NCCL {
 public:
    NCCL(
        const NCCLLibrary &library, const std::vector<uint8_t> &uniqueId, int rank, int count, c10::DeviceIndex device,
        std::chrono::milliseconds timeout);
    ~NCCL();
    NCCL(const NCCL &) = delete;
    NCCL &operator=(const NCCL &) = delete;

    void sum(at::Tensor &tensor);
    void broadcast(at::Tensor &tensor, int root);

 private:
    struct Work {
        c10::Event done;
        std::chrono::steady_clock::time_point deadline;
    };

    template <typename Launch>
    void launch(const at::Tensor &tensor, const char *what, Launch &&launch);
    void watch();
    // What is wrong with the oldest work; empty while nothing is.
    std::string complaint();

    const NCCLLibrary &library_;
    const c10::Device device_;
    const std::chrono::milliseconds timeout_;
    NCCLLibrary::Communicator communicator_ = nullptr;
    std::mutex mutex_;
    std::condition_variable stops_;
    bool stopped_ = false;
    std::string failure_;
    // The deadline of a call that has not returned.
    std::optional<std::chrono::steady_clock::time_point> launching_;
    std::deque<Work> pending_;
    std::thread watcher_;
};

}  // namespace cairn
