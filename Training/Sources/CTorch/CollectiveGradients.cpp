// Operators whose forward and backward passes both cross processes.
#include <ATen/ATen.h>
#include <ATen/OpMathType.h>
#include <torch/csrc/autograd/custom_function.h>

#include "Group.hpp"
#include "Shim.hpp"

namespace {

using torch::autograd::AutogradContext;
using torch::autograd::Function;
using torch::autograd::variable_list;

void keep(AutogradContext *context, const c10::intrusive_ptr<cairn::Group> &group) {
    context->saved_data["group"] = c10::IValue::make_capsule(group);
}

cairn::Group &group(AutogradContext *context) {
    return static_cast<cairn::Group &>(*context->saved_data["group"].toCapsule());
}

struct Sum : Function<Sum> {
    static at::Tensor forward(
        AutogradContext *context, const at::Tensor &tensor, const c10::intrusive_ptr<cairn::Group> &group) {
        keep(context, group);
        at::Tensor sum = tensor.clone(at::MemoryFormat::Contiguous);
        group->sum(sum);
        return sum;
    }

    static variable_list backward(AutogradContext *context, variable_list gradients) {
        at::Tensor sum = gradients[0].clone(at::MemoryFormat::Contiguous);
        group(context).sum(sum);
        return { sum, at::Tensor() };
    }
};

// What a batch normalisation has beside its differentiable operands.
struct Statistics {
    c10::intrusive_ptr<cairn::Group> group;
    at::Tensor runningMean;
    at::Tensor runningVariance;
    double momentum;
    double epsilon;
};

// A number a channel beside maps [N, C, ...].
at::Tensor beside(const at::Tensor &map, const at::Tensor &channels) {
    std::vector<int64_t> sizes(map.dim(), 1);
    sizes[1] = -1;
    return channels.view(sizes);
}

// Ioffe and Szegedy 2015, algorithm 1, with means over all processes. Processes exchange their own means and variances, which
// T. Chan, Golub and LeVeque 1979 combine without the cancellation that sums of squares would bring.
struct Normalization : Function<Normalization> {
    static at::Tensor forward(
        AutogradContext *context, const at::Tensor &map, const std::optional<at::Tensor> &weight,
        const std::optional<at::Tensor> &bias, const Statistics &statistics) {
        TORCH_CHECK(map.dim() >= 2 && map.numel() > 0, "batch normalisation of ", map.sizes());
        const auto accumulated = at::toOpMathType(map.scalar_type());
        const int64_t channels = map.size(1);
        const auto [ownMean, ownVariance] =
            at::batch_norm_update_stats(map.to(accumulated), std::nullopt, std::nullopt, 0);

        // Every process fills its row of zeros, so that the sum holds all rows.
        const auto wide = ownMean.options().dtype(at::kDouble);
        at::Tensor rows = at::zeros({ statistics.group->count, 2 * channels + 1 }, wide);
        at::Tensor own = rows.select(0, statistics.group->rank);
        own.narrow(0, 0, channels).copy_(ownMean);
        own.narrow(0, channels, channels).copy_(ownVariance);
        own.narrow(0, 2 * channels, 1).fill_(static_cast<double>(map.numel() / channels));
        statistics.group->sum(rows);
        const at::Tensor counts = rows.narrow(1, 2 * channels, 1);
        const at::Tensor total = counts.sum();
        const at::Tensor shares = counts / total;
        const at::Tensor means = rows.narrow(1, 0, channels);
        const at::Tensor wideMean = (shares * means).sum(0);
        const at::Tensor wideVariance =
            (shares * (rows.narrow(1, channels, channels) + (means - wideMean).square())).sum(0);
        const at::Tensor mean = wideMean.to(accumulated);
        const at::Tensor variance = wideVariance.to(accumulated);

        // torch's convention: the unbiased variance runs, the biased one normalises.
        statistics.runningMean.mul_(1 - statistics.momentum).add_(mean, statistics.momentum);
        statistics.runningVariance.mul_(1 - statistics.momentum)
            .add_((wideVariance * (total / (total - 1))).to(accumulated), statistics.momentum);

        keep(context, statistics.group);
        context->saved_data["epsilon"] = statistics.epsilon;
        context->saved_data["shifts"] = bias.has_value();
        context->save_for_backward({ map, weight.value_or(at::Tensor()), mean, variance, total });
        return std::get<0>(
            at::native_batch_norm(map, weight, bias, mean, variance, /*training=*/false, 0, statistics.epsilon));
    }

    static variable_list backward(AutogradContext *context, variable_list gradients) {
        const auto saved = context->get_saved_variables();
        const at::Tensor &map = saved[0], &mean = saved[2], &variance = saved[3], &total = saved[4];
        const double epsilon = context->saved_data["epsilon"].toDouble();
        const auto accumulated = mean.scalar_type();
        const at::Tensor weight = saved[1].defined() ? saved[1] : at::ones_like(mean);

        // As if mean and variance were constants: the gradients of weight and bias are then this process's sums of dy·x̂ and dy.
        auto [direct, weightGradient, biasGradient] = at::native_batch_norm_backward(
            gradients[0], map, weight, mean, variance, std::nullopt, std::nullopt, /*train=*/false, epsilon,
            { true, true, true });

        // What flows through mean and variance: dx −= γ/σ (Σdy + x̂ Σdy·x̂) / n, with sums over all processes.
        at::Tensor sums = at::cat({ biasGradient, weightGradient });
        group(context).sum(sums);
        sums = (sums / total).to(accumulated);
        const int64_t channels = mean.numel();
        const at::Tensor inverse = (variance + epsilon).rsqrt();
        const at::Tensor scale = weight.to(accumulated) * inverse;
        const at::Tensor centred = map.to(accumulated) - beside(map, mean);
        at::Tensor gradient = direct.to(accumulated)
                                  .sub_(beside(map, scale * sums.narrow(0, 0, channels)))
                                  .addcmul_(centred, beside(map, scale * inverse * sums.narrow(0, channels, channels)), -1);
        return {
            gradient.to(map.scalar_type()), saved[1].defined() ? weightGradient : at::Tensor(),
            context->saved_data["shifts"].toBool() ? biasGradient : at::Tensor(), at::Tensor(),
        };
    }
};

std::optional<at::Tensor> valueOrNone(cairn_torch_tensor tensor) {
    return tensor ? std::optional(tensor->value) : std::nullopt;
}

}  // namespace

extern "C" cairn_torch_tensor cairn_torch_group_summed(
    cairn_torch_group group, cairn_torch_tensor tensor, char **error) {
    return cairn::guarded<cairn_torch_tensor>(
        nullptr, error, [&] { return cairn::wrapped(Sum::apply(tensor->value, group->value)); });
}

extern "C" cairn_torch_tensor cairn_torch_group_normalized(
    cairn_torch_group group, cairn_torch_tensor tensor, const cairn_torch_normalization *normalization, char **error) {
    return cairn::guarded<cairn_torch_tensor>(nullptr, error, [&] {
        const Statistics statistics {
            group->value, normalization->running_mean->value, normalization->running_variance->value,
            normalization->momentum, normalization->epsilon,
        };
        return cairn::wrapped(Normalization::apply(
            tensor->value, valueOrNone(normalization->weight), valueOrNone(normalization->bias), statistics));
    });
}
