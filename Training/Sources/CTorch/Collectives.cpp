// Sums and copies of many tensors at once.
#include <ATen/ATen.h>

#include <vector>

#include "Group.hpp"
#include "Shim.hpp"

namespace {

// Large enough that a message's start costs nothing beside it, small enough that its copy does not matter.
constexpr int64_t kBucketBytes = 32 << 20;

// Tensors that travel as one: of one type, on one device.
std::vector<std::vector<at::Tensor>> buckets(const cairn_torch_tensor *tensors, int32_t count) {
    std::vector<std::vector<at::Tensor>> result;
    int64_t bytes = 0;
    for (int32_t i = 0; i < count; ++i) {
        const at::Tensor tensor = tensors[i]->value.detach();
        const int64_t own = static_cast<int64_t>(tensor.nbytes());
        const bool fits = !result.empty() && bytes + own <= kBucketBytes
            && result.back().front().options().type_equal(tensor.options())
            && result.back().front().device() == tensor.device();
        if (!fits) {
            result.emplace_back();
            bytes = 0;
        }
        result.back().push_back(tensor);
        bytes += own;
    }
    return result;
}

template <typename Exchange>
void exchange(const cairn_torch_tensor *tensors, int32_t count, Exchange &&exchange) {
    const at::NoGradGuard withoutGradients;
    for (auto &bucket : buckets(tensors, count)) {
        if (bucket.size() == 1 && bucket.front().is_contiguous()) {
            exchange(bucket.front());
            continue;
        }
        // Row-major whatever the strides are, which may differ from process to process.
        std::vector<at::Tensor> rows;
        rows.reserve(bucket.size());
        for (const at::Tensor &tensor : bucket) rows.push_back(tensor.reshape({ -1 }));
        at::Tensor flat = at::cat(rows);
        rows.clear();
        exchange(flat);
        int64_t start = 0;
        for (at::Tensor &tensor : bucket) {
            tensor.copy_(flat.narrow(0, start, tensor.numel()).view(tensor.sizes()));
            start += tensor.numel();
        }
    }
}

}  // namespace

extern "C" bool cairn_torch_group_sum(
    cairn_torch_group group, const cairn_torch_tensor *tensors, int32_t count, double scale, char **error) {
    return cairn::guarded(false, error, [&] {
        exchange(tensors, count, [&](at::Tensor &tensor) {
            group->value->sum(tensor);
            if (scale != 1) tensor.mul_(scale);
        });
        return true;
    });
}

extern "C" bool cairn_torch_group_broadcast(
    cairn_torch_group group, const cairn_torch_tensor *tensors, int32_t count, int32_t root, char **error) {
    return cairn::guarded(false, error, [&] {
        exchange(tensors, count, [&](at::Tensor &tensor) { group->value->broadcast(tensor, root); });
        return true;
    });
}
