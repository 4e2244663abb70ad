// Processes meet at a TCPStore of c10d and talk through its gloo.
#define USE_C10D_GLOO

#include "Group.hpp"

#include <ATen/ATen.h>
#include <torch/csrc/distributed/c10d/PrefixStore.hpp>
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>

#include "Shim.hpp"

namespace cairn {

Group::Group(const cairn_torch_meeting &meeting)
    : rank(meeting.rank), count(meeting.count), timeout_(meeting.timeout_milliseconds) {
    c10d::TCPStoreOptions options;
    options.port = meeting.port;
    options.isServer = meeting.hosts_store;
    // A store that another program hosts counts its own visitors.
    if (meeting.hosts_store) options.numWorkers = count;
    options.waitWorkers = false;
    options.timeout = timeout_;
    store_ = c10::make_intrusive<c10d::PrefixStore>(
        meeting.prefix, c10::make_intrusive<c10d::TCPStore>(meeting.host, options));
    auto gloo = c10d::ProcessGroupGloo::Options::create_default(timeout_);
    gloo_ = c10::make_intrusive<c10d::ProcessGroupGloo>(store_, rank, count, std::move(gloo));
    // Until here some may still read the store that one of them hosts.
    barrier();
}

Group::~Group() = default;

void Group::openNCCL(c10::DeviceIndex device) {
    const std::lock_guard lock(mutex_);
    if (nccl_) return;
    const NCCLLibrary &library = NCCLLibrary::opened();
    if (rank == 0) store_->set("nccl", library.uniqueId());
    nccl_ = std::make_unique<NCCL>(library, store_->get("nccl"), rank, count, device, timeout_);
}

NCCL &Group::nccl() {
    TORCH_CHECK(nccl_, "tensors on CUDA devices go through NCCL, which has not been opened for this group");
    return *nccl_;
}

void Group::sum(at::Tensor &tensor) {
    const std::lock_guard lock(mutex_);
    if (tensor.is_cuda()) return nccl().sum(tensor);
    std::vector<at::Tensor> tensors { tensor };
    gloo_->allreduce(tensors)->wait();
}

void Group::broadcast(at::Tensor &tensor, int root) {
    const std::lock_guard lock(mutex_);
    if (tensor.is_cuda()) return nccl().broadcast(tensor, root);
    std::vector<at::Tensor> tensors { tensor };
    c10d::BroadcastOptions options;
    options.rootRank = root;
    gloo_->broadcast(tensors, options)->wait();
}

void Group::barrier() {
    // A sum that everyone waits for; gloo's own barrier would ask for the devices of all tensors so far.
    at::Tensor nothing = at::zeros({ 1 });
    sum(nothing);
}

}  // namespace cairn

extern "C" cairn_torch_group cairn_torch_group_join(const cairn_torch_meeting *meeting, char **error) {
    return cairn::guarded<cairn_torch_group>(nullptr, error, [&] {
        return new cairn_torch_group_box { c10::make_intrusive<cairn::Group>(*meeting) };
    });
}

extern "C" void cairn_torch_group_leave(cairn_torch_group group) { delete group; }

extern "C" bool cairn_torch_group_open_nccl(cairn_torch_group group, cairn_torch_device device, char **error) {
    return cairn::guarded(false, error, [&] {
        group->value->openNCCL(static_cast<c10::DeviceIndex>(device));
        return true;
    });
}

extern "C" bool cairn_torch_group_barrier(cairn_torch_group group, char **error) {
    return cairn::guarded(false, error, [&] {
        group->value->barrier();
        return true;
    });
}
