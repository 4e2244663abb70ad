// Gradients, and the modes of a thread.
#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <ATen/autocast_mode.h>
#include <c10/core/GradMode.h>
#include <torch/version.h>

#ifdef __GLIBC__
#include <malloc.h>
#endif

#include <algorithm>

#include "Shim.hpp"

extern "C" bool cairn_torch_requires_gradient(cairn_torch_tensor tensor) { return tensor->value.requires_grad(); }

extern "C" bool cairn_torch_set_requires_gradient(cairn_torch_tensor tensor, bool requires_gradient, char **error) {
    return cairn::guarded(false, error, [&] {
        tensor->value.set_requires_grad(requires_gradient);
        return true;
    });
}

extern "C" cairn_torch_tensor cairn_torch_gradient(cairn_torch_tensor tensor, char **error) {
    return cairn::guarded<cairn_torch_tensor>(
        nullptr, error, [&] { return cairn::wrapped(tensor->value.grad()); });
}

extern "C" bool cairn_torch_set_gradient(cairn_torch_tensor tensor, cairn_torch_tensor gradient, char **error) {
    return cairn::guarded(false, error, [&] {
        tensor->value.mutable_grad() = gradient ? gradient->value : at::Tensor();
        return true;
    });
}

extern "C" bool cairn_torch_backward(cairn_torch_tensor tensor, cairn_torch_tensor cotangent, char **error) {
    return cairn::guarded(false, error, [&] {
        tensor->value.backward(cotangent ? cotangent->value : at::Tensor());
        return true;
    });
}

extern "C" bool cairn_torch_set_recording(bool records) {
    const bool before = c10::GradMode::is_enabled();
    c10::GradMode::set_enabled(records);
    return before;
}

extern "C" bool cairn_torch_set_autocast(bool enabled, cairn_torch_device device, char **error) {
    return cairn::guarded(false, error, [&] {
        const auto kind = device < 0 ? c10::kCPU : c10::kCUDA;
        at::autocast::set_autocast_dtype(kind, at::kBFloat16);
        at::autocast::set_autocast_enabled(kind, enabled);
        at::autocast::set_autocast_cache_enabled(true);
        return true;
    });
}

extern "C" bool cairn_torch_autocast(cairn_torch_device device) {
    return at::autocast::is_autocast_enabled(device < 0 ? c10::kCPU : c10::kCUDA);
}

extern "C" void cairn_torch_clear_autocast_cache(void) { at::autocast::clear_cache(); }

extern "C" bool cairn_torch_seed(uint64_t seed, char **error) {
    return cairn::guarded(false, error, [&] {
        at::manual_seed(seed);
        return true;
    });
}

extern "C" void cairn_torch_set_threads(int32_t count) { at::set_num_threads(std::max(count, 1)); }

extern "C" int32_t cairn_torch_threads(void) { return at::get_num_threads(); }

extern "C" void cairn_torch_keep_memory(int64_t trim) {
#ifdef __GLIBC__
    mallopt(M_MMAP_MAX, 0);
    mallopt(M_TRIM_THRESHOLD, static_cast<int>(std::min<int64_t>(trim, INT32_MAX)));
#else
    (void)trim;
#endif
}

extern "C" const char *cairn_torch_version(void) { return TORCH_VERSION; }
