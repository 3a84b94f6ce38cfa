// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// From a Program to LLVM IR. The emitter walks the blocks twice: first, until nothing changes any
// more, to learn the shape of every variable and which blocks run with part of the threads (then
// `dry` is set, and no IR is made); then to emit. So each instruction's rule stands once.
#pragma once

#include <llvm/IR/IRBuilder.h>
#include <llvm/IR/Module.h>

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "driver/model/jit/access.h"
#include "driver/model/jit/alu.h"
#include "driver/model/jit/program.h"
#include "driver/model/jit/turns.h"
#include "driver/model/jit/value.h"
#include "driver/model/jit/variables.h"
#include "driver/model/src/translation.h"

namespace acc::model::jit {

/// What of the host decides what is emitted.
constexpr unsigned kMaxGiven = 40; ///< values that a service is given as what they are made of

struct Host {
    bool masks = false;   ///< it has mask registers (AVX-512)
    bool keeper = false;  ///< TranslatedBlock::keep is set
    bool dots = false;    ///< it has dot products of bytes (VNNI)
    bool gathers = false; ///< it has gathers, though no mask registers (AVX2)
    bool halves = false;  ///< it converts 16-bit floats (F16C)
    bool range = false;   ///< it has minimum and maximum by IEEE's rules (AVX-512 DQ)
};

constexpr unsigned kMostBits = 64; ///< lanes that stand at a block, in an integer

class Emitter {
  public:
    /// warps: of a gang, a power of two by which the block's can be divided. 0: the threads of a
    /// warp run one after the other.
    Emitter(llvm::Module& module, const Program& program, const LaunchSize& size,
            const AluLibrary& alu, const Host& host, unsigned warps);
    /// Makes the function `name`: TranslatedCode. Fills `places`. False: it is not translated.
    bool run(const std::string& name, Translation& translation);
    /// Threads, or those that come to some block, run one after the other.
    bool one_by_one() const { return one_thread_ || alone_; }
    /// The gangs of a block meet in its code (meetings.h). That may fail; then a new emitter that
    /// is told to keep them apart makes it.
    bool together() const { return together_; }
    void keep_apart() { may_be_together_ = false; }
    /// After run: blocks, instructions and shapes, for people.
    std::string describe() const;

  private:
    using IR = llvm::Value*;

    // ---- shapes, and which blocks run with part of the threads (analysis.cpp)
    bool analyse();
    unsigned vectors_into(unsigned b, const std::set<unsigned>& without) const;
    bool can_be_divided(unsigned b) const;
    std::set<unsigned> kept_in_loop(unsigned b) const;
    bool scatters(unsigned first, unsigned last) const;
    unsigned gang_in_loop(unsigned first, unsigned last) const;
    unsigned most_warps() const;
    bool loops() const;
    unsigned irregular_branches() const;
    friend std::unique_ptr<Emitter>
    best_emitter(const std::function<std::unique_ptr<Emitter>(unsigned)>& emitter);
    bool divergent(unsigned b) const { return cond_shape_[b] && !cond_shape_[b]->is_uniform(); }
    void find_partial_blocks();
    void add_influence(unsigned branch);
    std::vector<bool> reach(const std::vector<unsigned>& from, int stop) const;
    bool must_blend(unsigned b, Reg r) const;
    int next_in_chain(unsigned b) const;

    // ---- threads one after the other (alone.cpp)
    /// The value of a variable with which threads come to their scalar code.
    struct Entering {
        unsigned variable;
        Value value;
        IR row; ///< of a vector: where its lanes are, or its bits
    };
    bool may_go_one_by_one(const std::vector<bool>& blocks) const;
    bool better_one_by_one(unsigned first, unsigned last) const;
    bool is_entered_at(const std::vector<bool>& blocks, unsigned from) const;
    std::optional<unsigned> best_alone() const;
    void set_alone(unsigned from);
    bool is_elsewhere(unsigned b) const;
    void pass_by(unsigned b);
    std::vector<Entering> values_alone(unsigned b);
    IR entering(const Entering& e);
    IR steps_of_lane(const Value& v);
    void emit_alone(unsigned b);
    void run_threads(IR lanes, unsigned from, const std::vector<bool>& blocks,
                     const std::vector<Entering>& values);

    bool is_written(unsigned variable, const std::vector<bool>& blocks) const;
    void fix(const Entering& e);

    // ---- blocks (flow.cpp)
    void walk(unsigned b);
    void write_back(unsigned b);
    void make_sure(const Value& v);
    void emit_function(const std::string& name);
    void emit_entry();
    void emit_head();
    void begin_threads(IR live);
    void begin_prologue(llvm::BasicBlock* then);
    void end_thread();
    bool may_spin() const;
    enum class Spin : uint8_t { No, Perhaps, Likely };
    Spin loop_may_spin(unsigned first, unsigned last) const;
    bool ends_by_turns(unsigned first, unsigned last) const;
    void return_handed_over();
    bool may_meet_in_code() const;
    void emit_block(unsigned b);
    bool goes_round_together(unsigned b) const;
    void emit_together(unsigned b);
    void end_block(unsigned b);
    void end_exit(unsigned b, bool chain);
    void end_exit_if(unsigned b);
    void end_stop_if(unsigned b);
    void end_chained(unsigned b);
    void go_on_in_chain(unsigned b);
    void check_return(unsigned b);
    void begin_switch(unsigned b);
    void leave_at_switch(unsigned b);
    void end_switch(unsigned b);
    void end_switch_chained(unsigned b);
    void go(unsigned from, unsigned to);
    void go_chain(unsigned from);
    bool ends_soon(unsigned from, unsigned to) const;
    uint32_t cost_of_loop(unsigned from, unsigned to) const;
    void poll(unsigned from, unsigned to, llvm::BasicBlock* target);
    void exit_threads(IR mask);
    IR part(IR x, unsigned p);
    IR lanes_from(IR x, unsigned first, unsigned count);
    IR whole(llvm::ArrayRef<IR> parts);
    IR part_bits(IR mask, unsigned p);
    IR live_mask();
    void emit_hand_over_all();
    IR mask_or_all() { return mask_now_ ? mask_now_ : all_lanes(); }
    IR load_mask(unsigned b);
    llvm::Type* mask_type(unsigned b) const;
    IR waiting_at(unsigned b);
    IR kept(IR mask);
    IR is_any(IR held);
    IR here();
    void set_waiting(unsigned b, IR held);
    void add_waiting(unsigned b, IR held);
    llvm::BasicBlock* block(const std::string& name);
    void branch_likely(IR cond, llvm::BasicBlock* likely, llvm::BasicBlock* unlikely);

    // ---- values (values.cpp)
    IR scalar(const Value& v) const { return v.v; }
    IR vector(const Value& v);
    IR lane_steps(const Value& v);
    IR at_lane(IR row);
    IR lanes_of(const Value& v);
    IR step_of(const Value& v, unsigned bit) const;
    std::array<IR, 2> dynamic_ends(const Value& v, IR* sane = nullptr);
    IR value_at(const Value& v, unsigned lane);
    IR splat(IR x);
    llvm::Type* type(unsigned bits, bool vec) const;
    IR constant(unsigned bits, uint64_t x) const;
    Value uniform(unsigned bits, IR x) const;
    Value constant_value(unsigned bits, uint64_t x) const;
    Value vector_value(unsigned bits, IR x);
    Value canonical(Value v);
    Value settled(const Value& v);
    void keep_guard(Value& r, std::initializer_list<const Value*> of, IR exact);
    Value get(Reg r);
    Value get32(Reg r);
    Value get64(Reg r);
    Value raw32(Reg r);
    Value get_pred(unsigned p, bool negated);
    void put32(Reg r, Value v);
    void put64(Reg r, Value v);
    void put_pred(unsigned p, Value v);
    void put(Reg r, const Value& v);
    Value read_variable(unsigned b, Reg r);
    uint64_t bound_of_counter(unsigned b, Reg r) const;
    Value select(const Value& p, Value x, Value y);
    IR all_lanes() const;
    IR any(IR mask);
    IR bits_of(IR mask);
    IR mask_from_bits(IR bits);
    IR joined(IR low, IR high);
    /// Applies f to the scalars when all operands are uniform, else to the vectors.
    template <class F>
    Value per_warp(unsigned bits, F f);
    template <class F>
    Value lift(unsigned bits, std::initializer_list<const Value*> operands, F f);

    // ---- instructions
    void emit(const Inst& inst);
    bool emit_integer(const Inst& inst);
    bool emit_logic(const Inst& inst);
    bool emit_moves(const Inst& inst);
    bool emit_float(const Inst& inst, unsigned bits);
    bool emit_rounded(const Inst& inst, unsigned bits);
    bool emit_sqrt(const Inst& inst, unsigned bits);
    IR extreme(const Value& x, const Value& y, IR vx, IR vy, bool least, unsigned bits);
    IR rounded(const Inst& inst, llvm::ArrayRef<IR> v, unsigned bits);
    IR product_to_zero(IR a, IR b);
    bool emit_convert(const Inst& inst);
    IR to_integers(IR f, bool sign, unsigned from);
    bool emit_division(const Inst& inst);
    IR divide_scalars(IR a, IR b, bool sign);
    IR divide_lanes(IR a, IR b);
    bool emit_dot(const Inst& inst);
    IR dot_bytes(IR c, IR u, IR s);
    /// f of each `lanes` lanes of the operands.
    template <class F>
    IR in_parts(unsigned lanes, llvm::ArrayRef<IR> operands, F f);
    bool emit_memory(const Inst& inst);
    bool emit_shuffle(const Inst& inst);
    bool emit_permutation(const Inst& inst);
    bool emit_shuffle_of_lanes(const Inst& inst, const Value& x, const Value& b);
    bool emit_vote(const Inst& inst);
    bool emit_redux(const Inst& inst);
    bool emit_alu(const Inst& inst);
    struct AluCall {
        IR op;   ///< LiftOp*
        IR rows; ///< results
    };
    AluCall call_alu(const Inst& inst,
                     const std::vector<std::pair<isa::Field, std::vector<Value>>>& sources,
                     const Value& predicate, unsigned result_words, unsigned p);
    Value matrix_word(unsigned first, unsigned i);
    std::vector<Value> matrix_words(const Inst& inst, isa::Field field);
    void put_matrix(const Inst& inst, const std::vector<llvm::SmallVector<IR, 8>>& parts);
    IR product_function(size_t number, size_t offset);
    IR in_rows(unsigned number, const std::vector<Value>& words, unsigned p);
    const Inst* beside(const Inst& inst) const;
    std::array<IR, 2> unpacked(const Inst& inst, isa::Field field, unsigned rows, unsigned p);
    IR call_fused(size_t number, llvm::ArrayRef<const Inst*> products, unsigned p);
    void emit_fused(size_t number, llvm::ArrayRef<const Inst*> products);
    void emit_on_rows(size_t number, const Inst& inst);
    bool emit_product(const Inst& inst);
    bool emit_texture(const Inst& inst);
    IR alu_row(IR rows, unsigned i);
    IR in_frame(llvm::Type* type, uint64_t alignment);
    bool nobody_to_wait_for(const Inst& inst) const;
    void emit_generic(const Inst& inst);
    void emit_plain(const Inst& inst);
    void emit_guarded(const Inst& inst);
    Value source(const Inst& inst, isa::Field f, unsigned bits);
    Value float_source(const Inst& inst, isa::Field f, unsigned bits);
    Value lane_mask(unsigned which);
    Value special_register(unsigned number);
    Value thread_index(unsigned dim);
    Value binary(llvm::Instruction::BinaryOps op, Value a, Value b, unsigned bits);
    Value add(Value a, Value b, unsigned bits);
    Value multiply(Value a, Value b, unsigned bits);
    Value multiply_steps(const Value& a, const Value& b, unsigned bits);
    Value shift_left(Value a, unsigned by, unsigned bits);
    Value bitwise(const Value& a, llvm::Instruction::BinaryOps op, uint64_t by);
    Value shift(const Inst& inst, llvm::Instruction::BinaryOps op, unsigned bits);
    Value extend(Value a, bool sign);
    Value truncate(Value a);
    Value high_word(const Value& a);
    Value compare(llvm::CmpInst::Predicate p, Value a, Value b, bool is_float, unsigned bits);
    std::optional<Value> compare_bases(llvm::CmpInst::Predicate p, const Value& a, const Value& b);
    void set_predicates(const Inst& inst, Value cmp);
    IR as_float(IR x, unsigned bits) const;
    IR as_int(IR x, unsigned bits) const;
    IR with_signs(IR x, uint32_t mods, uint32_t absolute, uint32_t negative);

    // ---- services (services.cpp)
    unsigned place(const Inst& inst);
    void store_operands(const Inst& inst);
    IR call_keeping(size_t offset, llvm::ArrayRef<IR> arguments);
    void call_access(const Inst& inst, unsigned place, IR mask);
    void call_access(const Inst& inst, unsigned place, IR mask, unsigned p);
    IR call_service(size_t offset, llvm::Type* result, std::initializer_list<IR> arguments);
    void ask(const Inst& inst, unsigned at, IR mask, bool parks);
    IR member(size_t offset, llvm::Type* type, bool constant = true, unsigned p = 0);
    IR gang_number();
    IR block_member(size_t offset, llvm::Type* type);
    Value code_address(uint64_t pc);
    IR load_member(IR of, size_t offset, llvm::Type* type, bool constant);
    IR row(Reg r, unsigned p = 0);
    IR predicate_row(unsigned n, unsigned p = 0);
    IR load_row(Reg r);
    llvm::Align row_alignment() const;
    IR load_predicate(unsigned n);
    IR effective_mask(const Inst& inst);
    /// Goes on when the service said so; else hands the threads over, which stand at `resume`.
    void after_service(IR status, const Inst& resume);
    void leave_at(const Inst& inst);
    void leave_behind(uint64_t pc);
    void leave(uint64_t pc, const RegSet& live);
    RegSet live_behind(const Inst& inst) const;
    RegSet live_before(const Inst* at) const;
    void touch(const Inst& inst);
    void hand_over(uint64_t pc, const RegSet& live, IR mask);
    bool give(unsigned place, Reg r, const Value& v);
    void store_base(unsigned i, IR x);
    void give_registers(unsigned place, const RegSet& registers, IR mask);
    void save_value(Reg r, const Value& v, IR mask);

    // ---- memory (memory.cpp)
    /// A load or store on its way.
    struct Way {
        const Inst& inst;
        Value at; ///< address (64 bits) or offset (32)
        unsigned bytes;
        bool is_signed, store, shared, local;
        Value root{}, root_index{}; ///< what `at` is made of, but for the instruction's offset
        bool indexed = false;       ///< there is a root_index
        Value plain{};              ///< `at` without the instruction's offset
        uint64_t more = 0;          ///< bytes behind the element that are looked at too
        /// `at` is a vector, the uniform base plus the 32-bit index << scale.
        bool split = false;
        Value base{}, index{};
        unsigned scale = 0;
        bool index_signed = true;
        std::optional<Value> index_steps{}; ///< a Linear value that the index is
    };
    // ---- matrices in shared memory (matrix.cpp)
    bool emit_matrix_memory(const Inst& inst);
    IR transposed(IR x);
    IR row_pointer(const Way& way, unsigned lane);
    IR load_matrix(const Way& way, unsigned p, unsigned m, bool turned);
    void store_matrix(const Way& way, unsigned p, unsigned m, IR x, bool turned);
    IR matrices_in_range(Way& way, unsigned count, unsigned at_place);
    void move_matrices(Way& way, unsigned at_place, const std::vector<Value>& given, bool turned,
                       std::vector<IR>& result);
    // ---- atomics (atomics.cpp)
    struct Atomic;
    bool emit_atomic(const Inst& inst);
    IR emit_atomic_ways(const Atomic& atomic, const Way& way, unsigned place, IR mask, IR addresses,
                        IR b, IR c);
    void for_all_lanes(const std::function<void(IR)>& body);
    void for_lanes(IR mask, const std::function<void(IR)>& body);
    IR update_lanes(const Atomic& atomic, IR addresses, IR b, IR c, IR lanes, const Way& way);
    IR update(const Atomic& atomic, IR p, IR b, IR c);
    IR updated(const Atomic& atomic, IR old, IR b, IR c);

    IR steps_aligned(const Way& way);
    bool is_gathered(const Way& way) const;
    IR all_in_range(const Way& way, unsigned place);
    // ---- rows of memory (turned.cpp)
    struct Look;
    /// Accesses that are loaded as rows.
    struct Rows {
        std::vector<Way> members;
        int64_t lowest = 0; ///< offset
        unsigned words = 0;
        IR whole = nullptr;       ///< i1: memory of all lanes may be read. Null: it may
        std::vector<IR> pointers; ///< of each lane, where its address is a vector's
        std::vector<IR> loaded;
    };
    std::shared_ptr<Rows> find_rows(const Look& l) const;
    void find_pointers(Rows& rows, IR mask);
    std::vector<IR> turn(const Rows& all, int64_t offset, unsigned words);
    llvm::SmallVector<IR, 8> turn_pairs(llvm::ArrayRef<IR> rows);
    llvm::SmallVector<IR, 8> turn_fours(llvm::ArrayRef<IR> rows, unsigned words);
    std::vector<IR> load_turned(const Rows& rows);
    void add_half(IR& word, IR half, bool upper);
    void clear_others(std::vector<IR>& words, IR mask);
    void load_rows(Rows& rows, IR mask);
    std::optional<std::vector<IR>> from_rows(const Way& way, IR mask);
    // ---- bases that stay (bounds.cpp)
    IR made_before(IR& value, const std::function<IR()>& make);
    IR fixed_parameter(uint64_t offset);
    bool has_fixed_base(const Way& way) const;
    IR fixed_base(const Way& way);
    IR fixed_pointer(IR base);
    IR range_member(unsigned place, size_t offset);
    IR look_at_index(const Way& way, unsigned place, IR mask, int64_t offset);
    void emit_bases();

    void move_local(const Inst& inst);
    void find_address(Way& way);
    bool is_parameter(const Way& way) const;
    uint64_t extent(const Way& way) const;
    enum class LookedAt : uint8_t {
        Whole,    ///< from the lowest to the highest lane there is
        Ends,     ///< the first and the last lane that take part
        EachLane, ///< that takes part
    };
    LookedAt looked_at(const Way& way) const;
    std::array<IR, 2> ends_of(IR lanes, unsigned bits);
    IR both(IR a, IR b);
    IR or_else(IR a, const std::function<IR()>& b);
    IR index_in_range(const Way& way, IR low, IR starts, IR mask);
    Value stored_word(const Inst& inst, unsigned i);
    bool always_fast(const Way& way) const;
    IR may_go_fast(const Way& way, IR mask, unsigned place);
    IR host_pointer(const Way& way, IR at);
    IR lane_pointer(const Way& way, unsigned lane, int64_t more = 0);
    IR widened(const Way& way, IR x);
    unsigned element_bits(const Way& way) const;
    std::vector<IR> load_fast(const Way& way, IR mask);
    IR in_a_row(const Way& way, IR mask);
    IR wide_index(const Way& way, IR index);
    IR indexed_pointer(const Way& way, IR base, IR index);
    std::vector<IR> gather(const Way& way, IR mask);
    std::vector<IR> gather_lanes(const Way& way, IR mask);
    IR host_pointers(const Way& way, unsigned i);
    // ---- by part of the lanes, without mask registers (masked.cpp)
    void store_where(IR x, IR p, llvm::Align align, IR mask, bool own);
    bool gathers_by_host(IR mask) const;
    IR host_gather(IR base, IR index, unsigned scale, unsigned bits, IR mask);
    IR gather_by_host(const Way& way, unsigned more, unsigned bits, IR mask);
    void scatter_by_lanes(IR x, IR pointers, llvm::Align align, IR mask);
    // ---- before it is asked for (ahead.cpp)
    struct Ahead {          // where threads go from an access
        bool block = false; // the next block accesses what lies behind it
        size_t turns = 0;   // so many turns of the loop ahead
    };
    Ahead ahead_in(unsigned b) const;
    bool is_ahead(const Way& way);
    void fetch_ahead(const Way& way, llvm::ArrayRef<IR> pieces, unsigned bytes);
    IR nobody(IR bad, IR mask);
    std::vector<IR> load_local(const Way& way);
    IR local_row(const Way& way, unsigned i, unsigned p);
    void store_last_ones(const Way& way, unsigned lanes, IR x, IR mask);
    void store_fast(const Way& way, IR mask);
    IR join_groups(IR x, IR y);
    // ---- accesses within a short piece of memory (spans.cpp)
    struct Span {
        int64_t lowest = 0;  ///< bytes from lane 0's address to the piece
        unsigned length = 0; ///< elements
        bool rows = false;   ///< whole ones of shared memory: what is not the lanes' may be written
                             ///< too, as it is
        std::vector<unsigned> places; ///< of the lanes
        unsigned stride = 0; ///< of lanes in columns: elements of a row; 0: they lie otherwise
    };
    struct BitOrder {
        std::vector<unsigned> bits; ///< of the lane's number
        unsigned consecutive = 0;   ///< how many of them, from the first on, count elements
    };
    std::optional<BitOrder> order_of(const Way& way) const;
    IR rearranged(IR x, std::vector<unsigned> from, const std::vector<unsigned>& to);
    std::vector<unsigned> usual_order() const;
    unsigned lane_at(const BitOrder& order, unsigned l) const;
    IR load_ordered(const Way& way, const BitOrder& order);
    void store_ordered(const Way& way, const BitOrder& order, IR x, IR mask);
    bool in_groups(const Way& way) const { return span_of(way) || order_of(way); }
    std::optional<Span> span_of(const Way& way) const;
    std::optional<int64_t> in_row(const Way& way) const;
    IR span_pointer(const Way& way, const Span& span, unsigned place);
    std::optional<Span> strided_span(const Way& way) const;
    static unsigned pieces_for(const Span& span, unsigned first);
    IR load_span(const Way& way, const Span& span);
    IR pick_column(const Span& span, llvm::ArrayRef<IR> pieces, unsigned first, unsigned word);
    std::vector<IR> load_columns(const Way& way, const Span& span);
    void store_span(const Way& way, const Span& span, IR x, IR mask);
    // ---- two words that are a pair (pairs.cpp)
    IR word_of_pairs(IR pairs, unsigned which);
    IR pairs_of_words(IR low, IR high);
    Value stored_pair(const Inst& inst);
    // ---- accesses by part of the lanes, of each at a place of its own (sparse.cpp)
    std::vector<unsigned> few_lanes(IR mask) const;
    IR pointer_of(const Way& way, unsigned lane);
    bool passes_over_rows(const Way& way, IR mask) const;
    IR for_rows(const Way& way, IR mask, llvm::Type* result,
                const std::function<IR(unsigned, IR, IR)>& f);
    IR gather_rows(const Way& way, IR mask);
    void scatter_lanes(const Way& way, IR x, IR mask, unsigned word);
    // ---- accesses at steps that are known at run time only (butterfly.cpp)
    struct Butterfly;
    struct ButterflyInverse;
    bool is_wide(const Shape& v) const;
    static bool is_union(const Value& v);
    static uint64_t base_bits(const Value& v);
    static uint64_t possible_bits(const Value& v);
    static bool are_disjoint(const Value& a, const Value& b);
    std::optional<Value> bitwise_steps(llvm::Instruction::BinaryOps op, Value x, Value y);
    std::optional<Value> shifted_steps(llvm::Instruction::BinaryOps op, const Value& a,
                                       const Value& by,
                                       const std::function<IR(llvm::ArrayRef<IR>)>& shifted);
    IR step_of_bit(llvm::Instruction::BinaryOps op, IR bit, IR y);
    bool is_butterfly(const Way& way) const;
    Butterfly butterfly(const Way& way);
    IR butterfly_pointer(const Butterfly& b, unsigned g);
    IR butterfly_row(const Butterfly& b, unsigned g);
    IR butterfly_places(const Butterfly& b, unsigned bytes);
    ButterflyInverse inverse(const Butterfly& b, unsigned bytes);
    IR load_butterfly(const Way& way, IR mask);
    IR load_from_rows(const Way& way, const Butterfly& b);
    llvm::SmallVector<IR, 16> butterfly_lanes(const Butterfly& b, unsigned g);
    IR load_one_by_one(const Way& way, const Butterfly& b);
    void store_one_by_one(const Way& way, const Butterfly& b, IR x);
    void store_butterfly(const Way& way, IR x, IR mask);
    bool may_be_alike(const Way& way, IR mask) const;
    IR load_alike(const Way& way);
    void put_in_rows(const Butterfly& b, const ButterflyInverse& inv, IR x, IR mask,
                     unsigned bytes);
    std::optional<Way> way_of(const Inst& inst);
    void emit_access(const Way& way);
    // ---- segments (segments.cpp)
    struct Segment;
    struct Waves;
    /// The values of the block so far.
    struct State {
        std::map<Reg, Value> words, pairs, preds;
    };
    State state() const { return {words_, pairs_, preds_}; }
    void set_state(const State& s);
    size_t emit_segment(const CodeBlock& code, size_t first);
    bool find_segment(const CodeBlock& code, Segment& s);
    void make(const Inst& inst, Segment& s, size_t i);
    void walk_wave(const CodeBlock& code, Segment& s, unsigned wave);
    void find_results(const CodeBlock& code, Segment& s);
    void add_look(Segment& s, const Way& way, unsigned wave, bool early);
    static bool under_same_guard(const Look& a, const Look& b);
    IR look(const std::vector<Look>& looks, Look& l, bool some);
    bool has_same_bounds(const Look& a, const Look& b) const;
    void look_at(Segment& s, unsigned wave);
    void give_addresses(const Segment& s, unsigned place);
    void emit_interpreted(const CodeBlock& code, Segment& s);
    IR steps_to(const Value& v, IR lane);
    IR address_of(const Look& l);
    IR first_lane(IR mask);
    IR from_row(Reg r, const Value& like);

    llvm::LLVMContext& cx_;
    llvm::Module& module_;
    const Program& program_;
    const LaunchSize& size_;
    const AluLibrary& alu_;
    const Host host_;
    const bool has_masks_, has_keeper_, has_dots_, has_range_; ///< of Host
    const bool one_thread_;                                    ///< lanes_ is 1
    const unsigned warps_, lanes_;                             ///< of a gang
    const unsigned lane_bits_;
    const int most_dynamic_;
    std::array<IR, 5> product_rows_{}; ///< where products of matrices have their operands
    std::array<std::vector<IR>, 2> unpacked_rooms_; ///< and those A and B that are unpacked
    Variables variables_;
    const std::vector<CountedLoop> counted_;
    llvm::IRBuilder<> ir_;
    bool dry_ = true;
    bool analysed_ = false;
    bool polls_ = false;    ///< the code may be interrupted
    bool parks_ = false;    ///< a warp waits for others at an instruction
    bool may_park_ = false; ///< or may do so in a loop
    bool may_be_together_ = true, together_ = false;
    std::set<unsigned> meetings_;  ///< barriers at which all threads of the block meet
    bool parks_otherwise_ = false; ///< it waits for others than so
    unsigned gathers_ = 0;         ///< accesses of global memory lane by lane
    std::vector<unsigned> gathers_in_, asked_in_; ///< of each block; and those that the
                                                  ///< interpreter makes
    std::vector<unsigned> looks_in_;              ///< likewise: segments with a look
    bool single_ = false; ///< a warp may wait where the others of its gang do not
    llvm::Function* function_ = nullptr;
    std::vector<IR> warp_;             ///< TranslatedWarp*, of the gang that runs
    llvm::PHINode* threads_ = nullptr; ///< one_thread_: of the warp that have not run
    llvm::BasicBlock *thread_head_ = nullptr, *next_warp_ = nullptr; ///< likewise
    bool failed_ = false; ///< likewise: it would have to hand over
    IR lane_ = nullptr;   ///< likewise: its number in the warp, 32 bits
    /// Makes the blocks from alone_from_ on; null: this one does.
    std::unique_ptr<Emitter> alone_;
    unsigned alone_from_ = 0;
    std::vector<bool> alone_blocks_;
    llvm::BasicBlock* prologue_ = nullptr;    ///< before a gang, or its threads one by one, begin
    std::set<IR> fixed_;                      ///< values that are there then
    std::map<uint64_t, IR> fixed_parameters_; ///< by offset
    /// An access with a fixed base and an index, in the range of the place.
    struct KeptBase {
        unsigned place;
        IR base;
        int64_t offset;
    };
    std::vector<KeptBase> kept_;
    std::map<const Inst*, std::shared_ptr<Rows>> rows_; ///< of the segment
    std::map<unsigned, IR> fixed_variables_;
    std::map<IR, IR> fixed_pointers_;   ///< host addresses of bases
    llvm::PHINode* position_ = nullptr; ///< which of the gangs it is
    std::vector<TranslatedPlace> places_;
    std::vector<const Inst*> asked_; ///< what the interpreter executes

    // By block.
    std::vector<std::optional<Shape>> cond_shape_;
    std::vector<bool> partial_; ///< may run with part of the threads
    std::vector<bool> chained_; ///< other threads of the warp may wait at other blocks meanwhile
    std::vector<bool> waiting_; ///< threads may wait here while others run
    /// What a divergent branch makes: the blocks that run with a part of its threads, and where
    /// they come together again (-1: nowhere).
    struct Influence {
        unsigned branch;
        std::vector<bool> blocks;
        int join;
    };
    std::vector<Influence> influences_;
    std::vector<bool> reach_past(const Influence& in, unsigned b) const;
    std::vector<llvm::BasicBlock*> label_, body_;
    std::vector<llvm::AllocaInst*> mask_;
    // By variable.
    std::vector<std::optional<Shape>> shape_;
    std::vector<llvm::AllocaInst*> slot_;
    std::vector<std::array<llvm::AllocaInst*, kLaneBits>> step_slot_; ///< of dynamic steps
    llvm::AllocaInst* fuel_ = nullptr;
    llvm::BasicBlock *head_ = nullptr, *finish_ = nullptr; ///< start and end of a gang
    llvm::BasicBlock* hand_over_all_ = nullptr;

    // Of the block being walked.
    unsigned current_ = 0;
    Ahead way_ahead_;                           ///< from its accesses
    std::vector<std::pair<IR, int64_t>> ahead_; ///< what is fetched ahead
    IR mask_now_ = nullptr;                     ///< null: all lanes
    IR bits_now_ = nullptr;                     ///< the same as kept() has it, where it came so
    /// An operand of a product that is there as floats.
    struct UnpackedOperand {
        isa::Opcode op;
        uint32_t mods;
        unsigned warp;
        std::vector<IR> words;
        IR room;
    };
    std::array<std::vector<UnpackedOperand>, 2> unpacked_; ///< A and B
    const Inst* made_before_ = nullptr; ///< a product, with the one in front of it
    std::map<Reg, Value> words_, pairs_, preds_;
    Value cond_;          ///< of a branch; of End::Switch, the address
    State before_switch_; ///< and the values before a call's link is written
};

/// ACC_MODEL_TRANSLATOR_GANG, for experiments and tests: that many, if it can be.
std::optional<unsigned> wanted_gang();

/// How the threads of a block had better run. emitter: one for so many warps, or 0.
std::unique_ptr<Emitter>
best_emitter(const std::function<std::unique_ptr<Emitter>(unsigned)>& emitter);

template <class F>
Value Emitter::lift(unsigned bits, std::initializer_list<const Value*> operands, F f) {
    Value result;
    result.bits = bits;
    result.regular = bits == 1;
    for (const Value* operand : operands) {
        if (!operand->is_uniform()) result.kind = Kind::Vector;
        if (operand->is_vector() && !operand->regular) result.regular = false;
    }
    if (dry_) return result;
    llvm::SmallVector<IR, 4> arguments;
    for (const Value* operand : operands)
        arguments.push_back(result.is_vector() ? vector(*operand) : scalar(*operand));
    result.v = f(llvm::ArrayRef<IR>(arguments));
    return result;
}

template <class F>
llvm::Value* Emitter::in_parts(unsigned lanes, llvm::ArrayRef<IR> operands, F f) {
    llvm::SmallVector<IR, 8> results;
    for (unsigned first = 0; first < lanes_; first += lanes) {
        llvm::SmallVector<int, 16> which;
        for (unsigned l = 0; l < lanes; ++l)
            which.push_back(first + l < lanes_ ? static_cast<int>(first + l) : -1);
        llvm::SmallVector<IR, 4> part;
        for (IR x : operands)
            part.push_back(ir_.CreateShuffleVector(x, which));
        results.push_back(f(part));
    }
    if (lanes > lanes_) return ir_.CreateShuffleVector(results[0], llvm::ArrayRef<int>{0});
    return whole(results);
}

/// A value that is the same for all lanes of a warp: f(which of the gang).
template <class F>
Value Emitter::per_warp(unsigned bits, F f) {
    Value v = warps_ == 1 ? uniform(bits, nullptr) : vector_value(bits, nullptr);
    if (dry_) return v;
    llvm::SmallVector<IR, 8> parts;
    for (unsigned p = 0; p < warps_; ++p)
        parts.push_back(warps_ == 1 ? f(p) : ir_.CreateVectorSplat(kLanes, f(p)));
    v.v = warps_ == 1 ? parts[0] : whole(parts);
    return v;
}

} // namespace acc::model::jit
