// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Conditional nodes: bodies that run or do not, as kernels of the graph decide.
#include "../common/check.h"

__global__ void set(cudaGraphConditionalHandle handle, const unsigned* value) {
    cudaGraphSetConditional(handle, *value);
}

__global__ void add(unsigned* to, unsigned value) {
    *to += value;
}

/// Goes on until `to` has reached the limit.
__global__ void add_and_ask(cudaGraphConditionalHandle handle, unsigned* to, unsigned limit) {
    *to += 1;
    cudaGraphSetConditional(handle, *to < limit ? 1 : 0);
}

static cudaGraphNode_t add_kernel(cudaGraph_t graph, const cudaGraphNode_t* before, size_t count,
                                  void* function, void** arguments) {
    cudaGraphNodeParams p = {};
    p.type = cudaGraphNodeTypeKernel;
    p.kernel.func = function;
    p.kernel.gridDim = dim3(1, 1, 1);
    p.kernel.blockDim = dim3(1, 1, 1);
    p.kernel.kernelParams = arguments;
    cudaGraphNode_t node;
    CHECK(cudaGraphAddNode(&node, graph, before, nullptr, count, &p));
    return node;
}

static cudaGraph_t* add_conditional(cudaGraph_t graph, cudaGraphNode_t* node,
                                    const cudaGraphNode_t* before, size_t count,
                                    cudaGraphConditionalHandle handle,
                                    cudaGraphConditionalNodeType type, unsigned bodies) {
    cudaGraphNodeParams p = {};
    p.type = cudaGraphNodeTypeConditional;
    p.conditional.handle = handle;
    p.conditional.type = type;
    p.conditional.size = bodies;
    CHECK(cudaGraphAddNode(node, graph, before, nullptr, count, &p));
    return p.conditional.phGraph_out;
}

struct Run {
    cudaGraph_t graph;
    cudaGraphConditionalHandle handle;
    Buffer<unsigned> value{1}, sum{1};
    Run(unsigned initial, unsigned flags) {
        CHECK(cudaGraphCreate(&graph, 0));
        CHECK(cudaGraphConditionalHandleCreate(&handle, graph, initial, flags));
    }
    ~Run() { CHECK(cudaGraphDestroy(graph)); }
    void add_to(cudaGraph_t to, const cudaGraphNode_t* before, size_t count, unsigned amount) {
        unsigned* p = sum.device();
        void* arguments[] = {&p, &amount};
        add_kernel(to, before, count, (void*)add, arguments);
    }
    cudaGraphNode_t set_value() {
        const unsigned* p = value.device();
        void* arguments[] = {&handle, &p};
        return add_kernel(graph, nullptr, 0, (void*)set, arguments);
    }
    cudaGraphExec_t instantiate() {
        cudaGraphExec_t exec;
        CHECK(cudaGraphInstantiate(&exec, graph, 0));
        return exec;
    }
    /// The sum after a launch with that value.
    unsigned launch(cudaGraphExec_t exec, unsigned with) {
        value[0] = with;
        value.upload();
        CHECK(cudaMemset(sum.device(), 0, 4));
        CHECK(cudaGraphLaunch(exec, 0));
        SYNC();
        return sum.download()[0];
    }
};

static void if_and_else() {
    Run run(0, 0);
    const cudaGraphNode_t first = run.set_value();
    cudaGraphNode_t node;
    cudaGraph_t* bodies = add_conditional(run.graph, &node, &first, 1, run.handle,
                                          cudaGraphCondTypeIf, 2);
    run.add_to(bodies[0], nullptr, 0, 1);
    run.add_to(bodies[1], nullptr, 0, 10);
    run.add_to(run.graph, &node, 1, 100);
    cudaGraphExec_t exec = run.instantiate();
    EXPECT(run.launch(exec, 1) == 101);
    EXPECT(run.launch(exec, 0) == 110);
    EXPECT(run.launch(exec, 5) == 101);
    CHECK(cudaGraphExecDestroy(exec));
}

static void a_switch() {
    Run run(0, 0);
    const cudaGraphNode_t first = run.set_value();
    cudaGraphNode_t node;
    cudaGraph_t* bodies = add_conditional(run.graph, &node, &first, 1, run.handle,
                                          cudaGraphCondTypeSwitch, 3);
    for (unsigned i = 0; i < 3; ++i)
        run.add_to(bodies[i], nullptr, 0, i + 1);
    cudaGraphExec_t exec = run.instantiate();
    for (unsigned i = 0; i < 3; ++i)
        EXPECT(run.launch(exec, i) == i + 1);
    EXPECT(run.launch(exec, 3) == 0);
    CHECK(cudaGraphExecDestroy(exec));
}

static void loops() {
    Run run(1, cudaGraphCondAssignDefault); // begins anew with each launch
    cudaGraphNode_t node;
    cudaGraph_t* body = add_conditional(run.graph, &node, nullptr, 0, run.handle,
                                        cudaGraphCondTypeWhile, 1);
    // The body by capture.
    cudaStream_t stream;
    CHECK(cudaStreamCreate(&stream));
    CHECK(cudaStreamBeginCaptureToGraph(stream, body[0], nullptr, nullptr, 0,
                                        cudaStreamCaptureModeGlobal));
    add_and_ask<<<1, 1, 0, stream>>>(run.handle, run.sum.device(), 25);
    cudaGraph_t same;
    CHECK(cudaStreamEndCapture(stream, &same));
    run.add_to(run.graph, &node, 1, 1000);
    cudaGraphExec_t exec = run.instantiate();
    EXPECT(run.launch(exec, 0) == 1025);
    EXPECT(run.launch(exec, 0) == 1025);
    // Launches in flight together keep their order.
    CHECK(cudaMemset(run.sum.device(), 0, 4));
    for (int i = 0; i < 5; ++i)
        CHECK(cudaGraphLaunch(exec, stream));
    CHECK(cudaStreamSynchronize(stream));
    EXPECT(run.sum.download()[0] == 1025 + 4 * 1001); // later loops end after one turn
    CHECK(cudaGraphExecDestroy(exec));
    CHECK(cudaStreamDestroy(stream));
}

static void nested() {
    Run run(1, cudaGraphCondAssignDefault);
    cudaGraphNode_t outer_node, inner_node;
    cudaGraphConditionalHandle inner;
    CHECK(cudaGraphConditionalHandleCreate(&inner, run.graph, 1, cudaGraphCondAssignDefault));
    cudaGraph_t outer = *add_conditional(run.graph, &outer_node, nullptr, 0, run.handle,
                                         cudaGraphCondTypeWhile, 1);
    unsigned *p = run.sum.device(), limit = 40;
    void* arguments[] = {&run.handle, &p, &limit};
    const cudaGraphNode_t step = add_kernel(outer, nullptr, 0, (void*)add_and_ask, arguments);
    cudaGraph_t body = *add_conditional(outer, &inner_node, &step, 1, inner, cudaGraphCondTypeIf,
                                        1);
    run.add_to(body, nullptr, 0, 9);
    cudaGraphExec_t exec = run.instantiate();
    // Each turn adds 1 and then 9: 10, 20, 30, 40, and a fifth, which sees 41.
    EXPECT(run.launch(exec, 0) == 50, "%u", run.sum[0]);
    CHECK(cudaGraphExecDestroy(exec));
}

int main() {
    if_and_else();
    a_switch();
    loops();
    nested();
    return finish();
}
