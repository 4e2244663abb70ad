// One call for every operator: arguments become the values that the operator's schema names, and the dispatcher does the rest.
#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/core/ivalue.h>
#include <ATen/ops/scalar_tensor.h>

#include <algorithm>

#include "Shim.hpp"

namespace {

const c10::OperatorHandle &handle(cairn_torch_operator op) {
    return *reinterpret_cast<const c10::OperatorHandle *>(op);
}

bool isMissable(const c10::TypePtr &type) { return type->kind() == c10::TypeKind::OptionalType; }

// The type without "may be missing".
c10::TypePtr required(const c10::TypePtr &type) {
    return isMissable(type) ? type->castRaw<c10::OptionalType>()->getElementType() : type;
}

const char *described(cairn_torch_kind kind) {
    switch (kind) {
    case CAIRN_TORCH_NONE: return "nothing";
    case CAIRN_TORCH_TENSOR: return "a tensor";
    case CAIRN_TORCH_INTEGER: return "a whole number";
    case CAIRN_TORCH_NUMBER: return "a number";
    case CAIRN_TORCH_FLAG: return "a truth value";
    case CAIRN_TORCH_INTEGERS: return "whole numbers";
    case CAIRN_TORCH_NUMBERS: return "numbers";
    case CAIRN_TORCH_TENSORS: return "tensors";
    case CAIRN_TORCH_FLAGS: return "truth values";
    case CAIRN_TORCH_TEXT: return "text";
    }
    return "an argument of an unknown kind";
}

[[noreturn]] void refuse(const cairn_torch_value &value, const c10::Argument &argument) {
    TORCH_CHECK(
        false, "argument '", argument.name(), "' is a ", argument.type()->str(), " and cannot be ",
        described(value.kind));
}

c10::IValue listOfTensors(const cairn_torch_value &value, const c10::Argument &argument, const c10::TypePtr &element) {
    const auto *tensors = static_cast<const cairn_torch_tensor *>(value.list);
    if (isMissable(element)) {
        c10::List<std::optional<at::Tensor>> result;
        result.reserve(value.count);
        for (int32_t i = 0; i < value.count; ++i) {
            result.push_back(tensors[i] ? std::optional<at::Tensor>(tensors[i]->value) : std::nullopt);
        }
        return result;
    }
    c10::List<at::Tensor> result;
    result.reserve(value.count);
    for (int32_t i = 0; i < value.count; ++i) {
        TORCH_CHECK(tensors[i], "argument '", argument.name(), "' lacks its tensor ", i);
        result.push_back(tensors[i]->value);
    }
    return result;
}

// Numbers of a list in the element type that the schema names. One alone stands for as many as the schema has.
template <typename Element>
c10::IValue listOfNumbers(const cairn_torch_value &value, const c10::Argument &argument) {
    c10::List<Element> result;
    const auto append = [&](auto number) { result.push_back(static_cast<Element>(number)); };
    const auto *integers = static_cast<const int64_t *>(value.list);
    const auto *numbers = static_cast<const double *>(value.list);
    switch (value.kind) {
    case CAIRN_TORCH_INTEGER:
        for (int32_t i = 0; i < std::max(argument.N().value_or(1), 1); ++i) append(value.integer);
        break;
    case CAIRN_TORCH_INTEGERS:
    case CAIRN_TORCH_FLAGS: std::for_each_n(integers, value.count, append); break;
    default: std::for_each_n(numbers, value.count, append); break;
    }
    return result;
}

c10::IValue list(const cairn_torch_value &value, const c10::Argument &argument, const c10::TypePtr &element) {
    // A list without elements is one of every kind.
    const bool isEmptyList = value.count == 0
        && (value.kind == CAIRN_TORCH_INTEGERS || value.kind == CAIRN_TORCH_NUMBERS
            || value.kind == CAIRN_TORCH_TENSORS || value.kind == CAIRN_TORCH_FLAGS);
    const bool isIntegers = value.kind == CAIRN_TORCH_INTEGERS || value.kind == CAIRN_TORCH_INTEGER;
    switch (required(element)->kind()) {
    case c10::TypeKind::TensorType:
        if (value.kind == CAIRN_TORCH_TENSORS || isEmptyList) return listOfTensors(value, argument, element);
        break;
    case c10::TypeKind::IntType:
    case c10::TypeKind::SymIntType:
        if (isIntegers || isEmptyList) return listOfNumbers<int64_t>(value, argument);
        break;
    case c10::TypeKind::FloatType:
        if (isIntegers || value.kind == CAIRN_TORCH_NUMBERS || isEmptyList) {
            return listOfNumbers<double>(value, argument);
        }
        break;
    case c10::TypeKind::BoolType:
        if (value.kind == CAIRN_TORCH_FLAGS || isEmptyList) return listOfNumbers<bool>(value, argument);
        break;
    default: break;
    }
    refuse(value, argument);
}

// A number where a tensor is wanted: it does not change the element type of what it meets.
at::Tensor number(const cairn_torch_value &value) {
    at::Tensor tensor = value.kind == CAIRN_TORCH_NUMBER ? at::scalar_tensor(value.number, at::kDouble)
                                                         : at::scalar_tensor(value.integer, at::kLong);
    tensor.unsafeGetTensorImpl()->set_wrapped_number(true);
    return tensor;
}

c10::IValue converted(const cairn_torch_value &value, const c10::Argument &argument) {
    if (value.kind == CAIRN_TORCH_NONE) {
        if (!isMissable(argument.type())) refuse(value, argument);
        return c10::IValue();
    }
    const c10::TypePtr type = required(argument.type());
    const bool isNumber = value.kind == CAIRN_TORCH_INTEGER || value.kind == CAIRN_TORCH_NUMBER;
    switch (type->kind()) {
    case c10::TypeKind::TensorType:
        if (value.kind == CAIRN_TORCH_TENSOR && value.tensor) return value.tensor->value;
        if (isNumber) return number(value);
        break;
    case c10::TypeKind::IntType:
    case c10::TypeKind::SymIntType:
        if (value.kind == CAIRN_TORCH_INTEGER) return value.integer;
        break;
    case c10::TypeKind::FloatType:
        if (isNumber) return value.kind == CAIRN_TORCH_NUMBER ? value.number : static_cast<double>(value.integer);
        break;
    case c10::TypeKind::NumberType:
        if (value.kind == CAIRN_TORCH_INTEGER) return value.integer;
        if (value.kind == CAIRN_TORCH_NUMBER) return value.number;
        if (value.kind == CAIRN_TORCH_FLAG) return value.integer != 0;
        break;
    case c10::TypeKind::BoolType:
        if (value.kind == CAIRN_TORCH_FLAG) return value.integer != 0;
        break;
    case c10::TypeKind::StringType:
        if (value.kind == CAIRN_TORCH_TEXT) return std::string(static_cast<const char *>(value.list), value.count);
        break;
    case c10::TypeKind::DeviceObjType:
        if (value.kind == CAIRN_TORCH_INTEGER) return cairn::device(static_cast<cairn_torch_device>(value.integer));
        break;
    case c10::TypeKind::ListType: return list(value, argument, type->castRaw<c10::ListType>()->getElementType());
    default: break;
    }
    refuse(value, argument);
}

}  // namespace

extern "C" void cairn_torch_free_text(char *text) { std::free(text); }

extern "C" cairn_torch_operator cairn_torch_find(const char *name, const char *overload, char **error) {
    return cairn::guarded<cairn_torch_operator>(nullptr, error, [&] {
        auto found = c10::Dispatcher::singleton().findSchemaOrThrow(name, overload);
        return reinterpret_cast<cairn_torch_operator>(new c10::OperatorHandle(std::move(found)));
    });
}

extern "C" bool cairn_torch_call(
    cairn_torch_operator op, const cairn_torch_value *arguments, int32_t count, cairn_torch_tensor *results,
    int32_t capacity, int32_t *result_count, char **error) {
    return cairn::guarded(false, error, [&] {
        const auto &schema = handle(op).schema();
        const auto &wanted = schema.arguments();
        TORCH_CHECK(
            static_cast<size_t>(count) <= wanted.size(), "it takes ", wanted.size(), " arguments, not ", count);
        torch::jit::Stack stack;
        stack.reserve(wanted.size());
        for (size_t i = 0; i < wanted.size(); ++i) {
            if (i < static_cast<size_t>(count)) {
                stack.push_back(converted(arguments[i], wanted[i]));
            } else {
                TORCH_CHECK(
                    wanted[i].default_value().has_value(), "argument '", wanted[i].name(), "' is missing");
                stack.push_back(*wanted[i].default_value());
            }
        }
        handle(op).callBoxed(stack);
        int32_t produced = 0;
        const auto add = [&](at::Tensor tensor) {
            if (produced < capacity) results[produced] = cairn::wrapped(std::move(tensor));
            ++produced;
        };
        for (auto &value : stack) {
            if (value.isTensor()) {
                add(std::move(value).toTensor());
            } else if (value.isTensorList()) {
                for (const at::Tensor &tensor : value.toTensorVector()) add(tensor);
            }
        }
        *result_count = produced;
        return true;
    });
}
