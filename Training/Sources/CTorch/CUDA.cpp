// CUDA is opened by name and never linked: the same executable runs where there is none.
#include <ATen/Context.h>
#include <dlfcn.h>
#include <torch/csrc/api/include/torch/cuda.h>
#include <torch/version.h>

// Allocators of all kinds of devices have had one face, which needs no library of CUDA's, since 2.9.
#define CAIRN_DEVICE_STATISTICS (TORCH_VERSION_MAJOR > 2 || TORCH_VERSION_MINOR >= 9)
#if CAIRN_DEVICE_STATISTICS
#include <c10/core/CachingDeviceAllocator.h>
#endif

#include "Shim.hpp"

extern "C" bool cairn_torch_open_cuda(char **error) {
    // Operators register themselves when the library is opened, so it stays open.
    if (dlopen("libtorch_cuda.so", RTLD_NOW | RTLD_GLOBAL)) return true;
    const char *reason = dlerror();
    cairn::report(error, reason ? reason : "libtorch_cuda.so could not be opened");
    return false;
}

extern "C" int32_t cairn_torch_cuda_count(void) {
    return cairn::guarded<int32_t>(0, nullptr, [] { return static_cast<int32_t>(torch::cuda::device_count()); });
}

extern "C" bool cairn_torch_cuda_synchronize(cairn_torch_device device, char **error) {
    return cairn::guarded(false, error, [&] {
        torch::cuda::synchronize(device);
        return true;
    });
}

extern "C" int64_t cairn_torch_cuda_peak_bytes(cairn_torch_device device, char **error) {
    return cairn::guarded<int64_t>(-1, error, [&]() -> int64_t {
#if CAIRN_DEVICE_STATISTICS
        const auto index = static_cast<c10::DeviceIndex>(device);
        const auto statistics = at::getDeviceAllocator(c10::kCUDA)->getDeviceStats(index);
        return statistics.allocated_bytes[static_cast<size_t>(c10::CachingAllocator::StatType::AGGREGATE)].peak;
#else
        (void)device;
        return -1;
#endif
    });
}
