// Processes that train as one.
#pragma once

#include <ATen/core/Tensor.h>
#include <torch/custom_class.h>

#include <chrono>
#include <memory>
#include <mutex>

#include "CTorchCollectives.h"
#include "NCCL.hpp"

namespace c10d {
class Backend;
class Store;
}  // namespace c10d

namespace cairn {

// Kept alive by whoever joined and by every graph whose backward pass needs it.
class Group : public torch::CustomClassHolder {
 public:
    explicit Group(const cairn_torch_meeting &meeting);
    ~Group() override;

    const int rank;
    const int count;

    void openNCCL(c10::DeviceIndex device);

    // In place; the tensor's memory has no gaps.
    void sum(at::Tensor &tensor);
    void broadcast(at::Tensor &tensor, int root);
    void barrier();

 private:
    NCCL &nccl();

    const std::chrono::milliseconds timeout_;
    c10::intrusive_ptr<c10d::Store> store_;
    c10::intrusive_ptr<c10d::Backend> gloo_;
    std::unique_ptr<NCCL> nccl_;
    // Calls of one process come one after another, whatever thread they come from.
    std::mutex mutex_;
};

}  // namespace cairn

struct cairn_torch_group_box {
    c10::intrusive_ptr<cairn::Group> value;
};
