internal import COpenVINO

/// Puts an image's pre-processing in front of a graph, with OpenVINO's own steps.
enum PreprocessingBuilder {
    /// The graph of `model` with an input of uint8 N x H x W x C at `index`. Mean and deviation run fused with the
    /// conversion to floats, so the caller's bytes are read once.
    static func build(
        _ preprocessing: ImagePreprocessing, input index: Int, of model: OpenVINOHandle, name: String
    ) throws(InferenceError) -> OpenVINOHandle {
        let (subtrahends, divisors) = try preprocessing.affine()
        let subject = "\(name): pre-processing"
        func made(
            _ free: @escaping @Sendable (OpaquePointer?) -> Void,
            _ body: (UnsafeMutablePointer<OpaquePointer?>) -> ov_status_e
        ) throws(InferenceError) -> OpenVINOHandle {
            try OpenVINOCall.handle(.invalidConfiguration, subject, free: free, body)
        }
        func check(_ body: () -> ov_status_e) throws(InferenceError) {
            try OpenVINOCall.exclusive(.invalidConfiguration, subject, body)
        }

        let builder = try made({ ov_preprocess_prepostprocessor_free($0) }) {
            ov_preprocess_prepostprocessor_create(model.pointer, $0)
        }
        let input = try made({ ov_preprocess_input_info_free($0) }) {
            ov_preprocess_prepostprocessor_get_input_info_by_index(builder.pointer, index, $0)
        }
        let given = try made({ ov_preprocess_input_tensor_info_free($0) }) {
            ov_preprocess_input_info_get_tensor_info(input.pointer, $0)
        }
        let steps = try made({ ov_preprocess_preprocess_steps_free($0) }) {
            ov_preprocess_input_info_get_preprocess_steps(input.pointer, $0)
        }
        let wanted = try made({ ov_preprocess_input_model_info_free($0) }) {
            ov_preprocess_input_info_get_model_info(input.pointer, $0)
        }
        let interleaved = try made({ ov_layout_free($0) }) { ov_layout_create("NHWC", $0) }
        let planar = try made({ ov_layout_free($0) }) { ov_layout_create("NCHW", $0) }

        try check { ov_preprocess_input_tensor_info_set_element_type(given.pointer, U8) }
        try check { ov_preprocess_input_tensor_info_set_layout(given.pointer, interleaved.pointer) }
        try check { ov_preprocess_input_model_info_set_layout(wanted.pointer, planar.pointer) }
        try check { ov_preprocess_preprocess_steps_convert_element_type(steps.pointer, F32) }
        if preprocessing.channelOrder == .bgr {
            try check { ov_preprocess_preprocess_steps_reverse_channels(steps.pointer) }
        }
        if subtrahends.contains(where: { $0 != 0 }) {
            try check {
                ov_preprocess_preprocess_steps_mean_multi_channels(
                    steps.pointer, subtrahends, Int32(subtrahends.count))
            }
        }
        if divisors.contains(where: { $0 != 1 }) {
            try check {
                ov_preprocess_preprocess_steps_scale_multi_channels(steps.pointer, divisors, Int32(divisors.count))
            }
        }
        return try made({ ov_model_free($0) }) { ov_preprocess_prepostprocessor_build(builder.pointer, $0) }
    }
}
