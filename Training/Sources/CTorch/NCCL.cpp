#include "NCCL.hpp"

#include <ATen/Context.h>
#include <c10/core/DeviceGuard.h>
#include <c10/core/impl/VirtualGuardImpl.h>
#include <c10/util/Exception.h>
#include <dlfcn.h>

#include <cstring>

namespace cairn {

namespace {

template <typename Function>
void find(void *library, const char *name, Function &function) {
    function = reinterpret_cast<Function>(dlsym(library, name));
    TORCH_CHECK(function, "libnccl.so.2 has no ", name, ": an NCCL of version 2.4 or later is needed");
}

// ncclDataType_t.
int elementType(const at::Tensor &tensor) {
    switch (tensor.scalar_type()) {
    case at::kChar: return 0;
    case at::kByte:
    case at::kBool: return 1;
    case at::kInt: return 2;
    case at::kLong: return 4;
    case at::kHalf: return 6;
    case at::kFloat: return 7;
    case at::kDouble: return 8;
    case at::kBFloat16: return 9;
    default: TORCH_CHECK(false, "NCCL has no elements of the type ", tensor.scalar_type());
    }
}

constexpr int kSum = 0;

}  // namespace

NCCLLibrary::NCCLLibrary() {
    void *library = dlopen("libnccl.so.2", RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        const char *reason = dlerror();
        TORCH_CHECK(
            false, "several processes on CUDA devices need NCCL, and libnccl.so.2 cannot be opened: ",
            reason ? reason : "no reason given");
    }
    find(library, "ncclGetUniqueId", getUniqueId);
    find(library, "ncclCommInitRank", commInitRank);
    find(library, "ncclCommDestroy", commDestroy);
    find(library, "ncclCommAbort", commAbort);
    find(library, "ncclCommGetAsyncError", commGetAsyncError);
    find(library, "ncclAllReduce", allReduce);
    find(library, "ncclBroadcast", broadcast);
    find(library, "ncclGetErrorString", getErrorString);
}

const NCCLLibrary &NCCLLibrary::opened() {
    static const NCCLLibrary library;
    return library;
}

void NCCLLibrary::check(int result, const char *what) const {
    TORCH_CHECK(result == 0, "NCCL could not ", what, ": ", getErrorString(result));
}

std::vector<uint8_t> NCCLLibrary::uniqueId() const {
    UniqueId id;
    check(getUniqueId(&id), "make an identifier");
    return std::vector<uint8_t>(id.bytes, id.bytes + sizeof(id.bytes));
}

NCCL::NCCL(
    const NCCLLibrary &library, const std::vector<uint8_t> &uniqueId, int rank, int count, c10::DeviceIndex device,
    std::chrono::milliseconds timeout)
    : library_(library), device_(c10::kCUDA, device), timeout_(timeout) {
    NCCLLibrary::UniqueId id;
    TORCH_CHECK(uniqueId.size() == sizeof(id.bytes), "NCCL's identifier came with ", uniqueId.size(), " bytes");
    std::memcpy(id.bytes, uniqueId.data(), sizeof(id.bytes));
    at::globalContext().lazyInitDevice(c10::kCUDA);
    const c10::DeviceGuard guard(device_);
    library_.check(library_.commInitRank(&communicator_, count, id, rank), "connect the processes");
    watcher_ = std::thread([this] { watch(); });
}

NCCL::~NCCL() {
    {
        const std::lock_guard lock(mutex_);
        stopped_ = true;
    }
    stops_.notify_all();
    watcher_.join();
    if (!communicator_) return;
    // With work under way that nobody may answer, waiting for it could take for ever.
    if (pending_.empty()) {
        library_.commDestroy(communicator_);
    } else {
        library_.commAbort(communicator_);
    }
}

void NCCL::sum(at::Tensor &tensor) {
    launch(tensor, "add tensors up", [&](NCCLLibrary::Communicator communicator, void *stream) {
        return library_.allReduce(
            tensor.const_data_ptr(), tensor.mutable_data_ptr(), tensor.numel(), elementType(tensor), kSum, communicator,
            stream);
    });
}

void NCCL::broadcast(at::Tensor &tensor, int root) {
    launch(tensor, "copy tensors", [&](NCCLLibrary::Communicator communicator, void *stream) {
        return library_.broadcast(
            tensor.const_data_ptr(), tensor.mutable_data_ptr(), tensor.numel(), elementType(tensor), root, communicator,
            stream);
    });
}

template <typename Launch>
void NCCL::launch(const at::Tensor &tensor, const char *what, Launch &&launch) {
    TORCH_CHECK(tensor.device() == device_, "a tensor on ", tensor.device(), " in a communicator on ", device_);
    const c10::DeviceGuard guard(device_);
    const c10::Stream stream = c10::impl::VirtualGuardImpl(c10::kCUDA).getStream(device_);
    // Its handle is null; no other stream is used here, and its handle would need CUDA's own headers.
    TORCH_CHECK(stream.id() == 0, "NCCL is used on the default stream alone");
    Work work { c10::Event(c10::kCUDA), std::chrono::steady_clock::now() + timeout_ };
    std::unique_lock lock(mutex_);
    TORCH_CHECK(failure_.empty(), failure_);
    const auto communicator = communicator_;
    launching_ = work.deadline;
    lock.unlock();
    // The first time, processes connect here and wait for one another.
    const int result = launch(communicator, nullptr);
    lock.lock();
    launching_.reset();
    TORCH_CHECK(failure_.empty(), failure_);
    library_.check(result, what);
    work.done.record(stream);
    pending_.push_back(std::move(work));
}

void NCCL::watch() {
    std::unique_lock lock(mutex_);
    while (!stopped_) {
        stops_.wait_for(lock, std::chrono::milliseconds(100));
        if (!communicator_ || (pending_.empty() && !launching_)) continue;
        failure_ = complaint();
        if (failure_.empty()) continue;
        library_.commAbort(communicator_);
        communicator_ = nullptr;
        pending_.clear();
    }
}

std::string NCCL::complaint() {
    try {
        while (!pending_.empty() && pending_.front().done.query()) pending_.pop_front();
    } catch (const std::exception &exception) {
        return std::string("a CUDA device failed during NCCL's work: ") + exception.what();
    }
    int result = 0;
    library_.commGetAsyncError(communicator_, &result);
    // ncclInProgress is no error.
    if (result != 0 && result != 7) {
        return std::string("NCCL lost another process: ") + library_.getErrorString(result);
    }
    const auto deadline = pending_.empty() ? launching_ : std::optional(pending_.front().deadline);
    if (deadline && std::chrono::steady_clock::now() > *deadline) {
        return "another process did not answer NCCL within " + std::to_string(timeout_.count()) + " ms";
    }
    return {};
}

}  // namespace cairn
