// Tensors in and out.
#include <ATen/ATen.h>

#include "Shim.hpp"

extern "C" void cairn_torch_release(cairn_torch_tensor tensor) { delete tensor; }

extern "C" int64_t cairn_torch_live_count(void) { return cairn_torch_box::live.load(std::memory_order_relaxed); }

extern "C" int32_t cairn_torch_sizes(cairn_torch_tensor tensor, int64_t *sizes, int32_t capacity) {
    const auto known = tensor->value.sizes();
    for (size_t i = 0; i < known.size() && i < static_cast<size_t>(capacity); ++i) sizes[i] = known[i];
    return static_cast<int32_t>(known.size());
}

extern "C" int32_t cairn_torch_element_type(cairn_torch_tensor tensor) {
    return static_cast<int32_t>(tensor->value.scalar_type());
}

extern "C" cairn_torch_device cairn_torch_device_of(cairn_torch_tensor tensor) {
    const auto device = tensor->value.device();
    return device.is_cpu() ? -1 : std::max<int>(device.index(), 0);
}

extern "C" cairn_torch_tensor cairn_torch_make(
    const void *data, int32_t type, const int64_t *sizes, int32_t rank, cairn_torch_device device, char **error) {
    return cairn::guarded<cairn_torch_tensor>(nullptr, error, [&] {
        const auto options = at::TensorOptions().dtype(static_cast<at::ScalarType>(type));
        // The bytes are the caller's, and only for now.
        const auto borrowed = at::from_blob(const_cast<void *>(data), at::IntArrayRef(sizes, rank), options);
        return cairn::wrapped(device < 0 ? borrowed.clone() : borrowed.to(cairn::device(device)));
    });
}

extern "C" bool cairn_torch_read(cairn_torch_tensor tensor, int32_t type, void *data, int64_t count, char **error) {
    return cairn::guarded(false, error, [&] {
        TORCH_CHECK(tensor->value.numel() == count, tensor->value.numel(), " elements were asked for as ", count);
        const auto kind = static_cast<at::ScalarType>(type);
        const auto source = tensor->value.detach().to(c10::Device(c10::kCPU), kind).contiguous();
        std::memcpy(data, source.const_data_ptr(), source.nbytes());
        return true;
    });
}

extern "C" cairn_torch_tensor cairn_torch_to(
    cairn_torch_tensor tensor, int32_t type, cairn_torch_device device, bool channels_last, char **error) {
    return cairn::guarded<cairn_torch_tensor>(nullptr, error, [&] {
        const auto options =
            at::TensorOptions().dtype(static_cast<at::ScalarType>(type)).device(cairn::device(device));
        const auto format = channels_last ? std::optional(at::MemoryFormat::ChannelsLast) : std::nullopt;
        return cairn::wrapped(tensor->value.to(options, /*non_blocking=*/false, /*copy=*/false, format));
    });
}
