// What the files of this target share: references behind opaque pointers, and exceptions made messages.
#pragma once

#include <ATen/core/Tensor.h>
#include <c10/util/Exception.h>

#include <atomic>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <string>
#include <utility>

#include "CTorch.h"

struct cairn_torch_box {
    at::Tensor value;

    explicit cairn_torch_box(at::Tensor tensor) : value(std::move(tensor)) { live.fetch_add(1, std::memory_order_relaxed); }
    ~cairn_torch_box() { live.fetch_sub(1, std::memory_order_relaxed); }
    cairn_torch_box(const cairn_torch_box &) = delete;
    cairn_torch_box &operator=(const cairn_torch_box &) = delete;

    // How many there are; tests of prompt freeing read it.
    inline static std::atomic<int64_t> live { 0 };
};

namespace cairn {

inline char *copied(const std::string &text) {
    char *copy = static_cast<char *>(std::malloc(text.size() + 1));
    if (copy) std::memcpy(copy, text.c_str(), text.size() + 1);
    return copy;
}

inline void report(char **error, const std::string &text) {
    if (error) *error = copied(text);
}

// Runs a body, and gives `failure` with a message where it throws.
template <typename Result, typename Body>
Result guarded(Result failure, char **error, Body &&body) noexcept {
    try {
        return std::forward<Body>(body)();
    } catch (const c10::Error &exception) {
        report(error, exception.what_without_backtrace());
    } catch (const std::exception &exception) {
        report(error, exception.what());
    } catch (...) {
        report(error, "LibTorch failed without saying why");
    }
    return failure;
}

inline cairn_torch_tensor wrapped(at::Tensor tensor) {
    if (!tensor.defined()) return nullptr;
    return new cairn_torch_box(std::move(tensor));
}

inline c10::Device device(cairn_torch_device number) {
    return number < 0 ? c10::Device(c10::kCPU) : c10::Device(c10::kCUDA, static_cast<c10::DeviceIndex>(number));
}

}  // namespace cairn
