// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Accesses whose lanes lie in some known order within a short piece of memory (every second or
// third element, a pattern of bits): the whole piece is loaded and the lanes are picked from it, or
// it is stored with a mask. That is far less for the host than an access for each lane.
#include <algorithm>
#include <bit>

#include "driver/model/jit/emitter.h"
#include "driver/model/jit/split.h"

namespace acc::model::jit {

using namespace llvm;

namespace {
constexpr unsigned kSparsest = 4;  ///< elements of the piece for each lane
constexpr int64_t kMostStride = 8; ///< elements, of lanes that are equally far from each other
} // namespace

/// Where the lanes are, in elements from the first one of the piece on. Nothing when that is not
/// known, or the piece is too long. A store needs places of their own for all.
std::optional<Emitter::Span> Emitter::span_of(const Way& way) const {
    if (!way.at.is_linear() || way.at.dynamic || way.local) return std::nullopt;
    if (!way.store)
        if (const std::optional<Span> span = strided_span(way)) return span;
    if (way.bytes > 8 || (way.bytes == 8 && way.store && !way.shared)) return std::nullopt;
    const auto bytes = static_cast<int64_t>(way.bytes);
    Span span;
    span.lowest = way.at.lowest();
    int64_t length = (way.at.highest() - span.lowest) / bytes + 1;
    if (length > kSparsest * static_cast<int64_t>(lanes_) || length < kPieceLanes)
        return std::nullopt;
    if (const std::optional<int64_t> before = in_row(way)) {
        span.lowest -= *before;
        span.rows = true;
        length = (length + *before / bytes + kPieceLanes - 1) / kPieceLanes * kPieceLanes;
    }
    span.length = static_cast<unsigned>(length);
    std::vector<bool> taken(span.length);
    for (unsigned l = 0; l < lanes_; ++l) {
        const auto place = static_cast<unsigned>((way.at.at(l) - span.lowest) / bytes);
        if (way.store && taken[place]) return std::nullopt;
        taken[place] = true;
        span.places.push_back(place);
    }
    return span;
}

/// Lanes that are all in one column of a table whose rows have a power of two of elements (four
/// columns, where a lane loads four words). The piece begins with a row where the alignment says
/// which column it is, so that other columns are picked from the same loads.
std::optional<Emitter::Span> Emitter::strided_span(const Way& way) const {
    const unsigned words = way.bytes == 16 ? 4 : 1;
    const int64_t bytes = way.bytes / words;
    uint64_t steps = 0;
    for (int64_t s : way.at.step)
        steps |= static_cast<uint64_t>(s);
    const auto row = static_cast<int64_t>(lowest_bit(steps)), stride = row / bytes;
    if (stride < 4 || stride > kMostStride * (words > 1 ? 2 : 1) || lanes_ < kPieceLanes)
        return std::nullopt;
    int64_t column = 0; // in bytes
    if (way.plain.align % static_cast<uint64_t>(row) == 0)
        column = (static_cast<int32_t>(way.inst.imm()) + way.plain.lowest()) & (row - 1);
    else if (!way.shared) // the rest of the last row may be in another page; there is room here
        return std::nullopt;
    if (column % bytes || column + way.bytes > row) return std::nullopt; // it is not aligned
    Span span;
    span.stride = static_cast<unsigned>(stride);
    span.lowest = way.at.lowest() - column;
    const int64_t length = (way.at.highest() - span.lowest) / row * stride + stride;
    if (length > kMostStride * static_cast<int64_t>(lanes_ * words)) return std::nullopt;
    span.length = static_cast<unsigned>(length + kPieceLanes - 1) / kPieceLanes * kPieceLanes;
    if (span.length > length && !way.shared) return std::nullopt; // likewise
    for (unsigned l = 0; l < lanes_; ++l)
        span.places.push_back(static_cast<unsigned>((way.at.at(l) - span.lowest) / bytes));
    for (unsigned first = 0; first < lanes_; first += kPieceLanes)
        if (pieces_for(span, first) > span.stride) return std::nullopt;
    return span;
}

/// How many pieces the column of kPieceLanes lanes is picked from: a power of two.
unsigned Emitter::pieces_for(const Span& span, unsigned first) {
    const auto [least, most] = std::minmax_element(span.places.begin() + first,
                                                   span.places.begin() + first + kPieceLanes);
    return std::bit_ceil(*most / kPieceLanes - *least / kPieceLanes + 1);
}

/// In shared memory, which has room around it, pieces may be larger: whole rows. Then accesses that
/// are neighbours, or one step after the other, meet in the same rows, and no load waits for two
/// stores of which it takes parts. How far behind the start of a row the lowest lane is; nothing:
/// it is not known.
std::optional<int64_t> Emitter::in_row(const Way& way) const {
    const auto row = static_cast<int64_t>(kPieceLanes * way.bytes);
    if (!way.shared || way.plain.is_vector() || way.plain.dynamic ||
        (way.plain.align != 0 && way.plain.align % static_cast<uint64_t>(row)))
        return std::nullopt;
    const int64_t lowest = way.at.lowest() + static_cast<int32_t>(way.inst.imm());
    return ((lowest % row) + row) % row;
}

/// Host address of an element of the piece.
Emitter::IR Emitter::span_pointer(const Way& way, const Span& span, unsigned place) {
    const int64_t bytes = way.bytes == 16 ? 4 : way.bytes;
    return lane_pointer(way, 0, span.lowest + place * bytes);
}

/// Column by column, each of which takes half of what is left of the table: those that have halves
/// in common share them (LLVM sees that they are the same).
std::vector<Emitter::IR> Emitter::load_columns(const Way& way, const Span& span) {
    const unsigned bits = element_bits(way);
    auto* t = FixedVectorType::get(IntegerType::get(cx_, bits), kPieceLanes);
    std::vector<IR> pieces;
    for (unsigned place = 0; place < span.length; place += kPieceLanes)
        pieces.push_back(ir_.CreateAlignedLoad(t, span_pointer(way, span, place), Align(bits / 8)));
    std::vector<IR> result;
    for (unsigned word = 0; word < (way.bytes == 16 ? 4u : 1u); ++word) {
        SmallVector<IR, 16> parts;
        for (unsigned first = 0; first < lanes_; first += kPieceLanes)
            parts.push_back(pick_column(span, pieces, first, word));
        result.push_back(whole(parts));
    }
    return result;
}

/// Elements of kPieceLanes lanes, `word` elements behind their places.
Emitter::IR Emitter::pick_column(const Span& span, ArrayRef<IR> pieces, unsigned first,
                                 unsigned word) {
    const unsigned *places = &span.places[first], *end = places + kPieceLanes;
    const unsigned from = *std::min_element(places, end) / kPieceLanes;
    const unsigned column = places[0] % span.stride + word, n = pieces_for(span, first);
    SmallVector<IR, 16> left;
    for (unsigned i = 0; i < n; ++i)
        left.push_back(pieces[std::min<size_t>(from + i, pieces.size() - 1)]);
    unsigned by = 1; // what is left are elements that are so far from each other
    for (; left.size() > 1; by *= 2, left.resize(left.size() / 2)) {
        SmallVector<int, kPieceLanes> half;
        for (unsigned l = 0; l < kPieceLanes; ++l)
            half.push_back(static_cast<int>(2 * l + (column & by ? 1 : 0)));
        for (size_t i = 0; i < left.size() / 2; ++i)
            left[i] = ir_.CreateShuffleVector(left[2 * i], left[2 * i + 1], half);
    }
    SmallVector<int, kPieceLanes> which;
    bool in_order = true;
    for (unsigned l = 0; l < kPieceLanes; ++l) {
        which.push_back(static_cast<int>((places[l] + word - from * kPieceLanes) / by));
        in_order = in_order && which.back() == static_cast<int>(l);
    }
    return in_order ? left[0] : ir_.CreateShuffleVector(left[0], which);
}

/// The elements of the lanes.
Emitter::IR Emitter::load_span(const Way& way, const Span& span) {
    auto* t = FixedVectorType::get(IntegerType::get(cx_, element_bits(way)), kPieceLanes);
    std::vector<IR> pieces;
    const auto start = [&](unsigned piece) { // the last one ends with the piece of memory
        return std::min(piece * kPieceLanes, span.length - kPieceLanes);
    };
    for (unsigned p = 0; p * kPieceLanes < span.length; ++p)
        pieces.push_back(
            ir_.CreateAlignedLoad(t, span_pointer(way, span, start(p)), Align(way.bytes)));
    SmallVector<IR, 16> parts;
    for (unsigned first = 0; first < lanes_; first += kPieceLanes) {
        IR part = nullptr;
        for (unsigned p = 0; p < pieces.size(); ++p) {
            SmallVector<int, kPieceLanes> picked, kept;
            bool any_here = false;
            for (unsigned l = 0; l < kPieceLanes; ++l) {
                const unsigned place = span.places[first + l];
                const bool here = place / kPieceLanes == p;
                any_here = any_here || here;
                const auto from = static_cast<int>(place - start(p) + kPieceLanes);
                picked.push_back(here ? from - static_cast<int>(kPieceLanes) : -1);
                kept.push_back(here ? from : static_cast<int>(l));
            }
            if (any_here)
                part = part ? ir_.CreateShuffleVector(part, pieces[p], kept)
                            : ir_.CreateShuffleVector(pieces[p], picked);
        }
        parts.push_back(part);
    }
    return whole(parts);
}

/// x: of the lanes of the mask (null: all) that are elements of the piece.
void Emitter::store_span(const Way& way, const Span& span, IR x, IR mask) {
    for (unsigned first = 0; first < span.length; first += kPieceLanes) {
        SmallVector<int, kPieceLanes> from(kPieceLanes, -1), mask_from(kPieceLanes);
        SmallVector<Constant*, kPieceLanes> written(kPieceLanes, ir_.getFalse());
        bool all = true;
        for (unsigned i = 0; i < kPieceLanes; ++i)
            mask_from[i] = static_cast<int>(i); // any
        for (unsigned l = 0; l < lanes_; ++l)
            if (span.places[l] / kPieceLanes == first / kPieceLanes) {
                from[span.places[l] - first] = mask_from[span.places[l] - first] = static_cast<int>(
                    l);
                written[span.places[l] - first] = ir_.getTrue();
            }
        for (int f : from)
            all = all && f >= 0;
        if (std::all_of(from.begin(), from.end(), [](int f) { return f < 0; })) continue;
        IR data = ir_.CreateShuffleVector(x, from), p = span_pointer(way, span, first);
        IR which = ConstantVector::get(written);
        if (mask) which = ir_.CreateAnd(which, ir_.CreateShuffleVector(mask, mask_from));
        if (all && !mask) which = nullptr;
        // Nobody else has the memory meanwhile.
        if (which && span.rows && has_masks_) {
            IR old = ir_.CreateAlignedLoad(data->getType(), p, Align(way.bytes));
            data = ir_.CreateSelect(which, data, old);
            which = nullptr;
        }
        store_where(data, p, Align(way.bytes), which, way.shared);
    }
}

/// Bits of the lane's number, those first by which the address moves from element to element: the
/// columns of a matrix are such that a gang has several rows of. Nothing when they are too few.
std::optional<Emitter::BitOrder> Emitter::order_of(const Way& way) const {
    constexpr unsigned kFewest = 1; // two elements, which the host moves as one
    if (!way.at.is_linear() || way.local || way.bytes > 8) return std::nullopt;
    BitOrder order;
    const auto has = [&](unsigned bit) {
        return std::find(order.bits.begin(), order.bits.end(), bit) != order.bits.end();
    };
    for (bool more = true; more;) {
        more = false;
        const int64_t step = static_cast<int64_t>(way.bytes) << order.bits.size();
        for (unsigned bit = 0; bit < lane_bits_ && !more; ++bit)
            if (!way.at.is_dynamic(bit) && way.at.step[bit] == step && !has(bit)) {
                order.bits.push_back(bit);
                more = true;
            }
    }
    order.consecutive = static_cast<unsigned>(order.bits.size());
    if (order.consecutive < kFewest) return std::nullopt;
    for (unsigned bit = 0; bit < lane_bits_; ++bit)
        if (!has(bit)) order.bits.push_back(bit);
    return order;
}

/// The lanes in another order: bit `to[i]` of a lane's number is where bit from[i] was. One
/// exchange of two bits after the other, each of which takes the host one instruction for each
/// register.
Emitter::IR Emitter::rearranged(IR x, std::vector<unsigned> from, const std::vector<unsigned>& to) {
    for (unsigned i = 0; i < lane_bits_; ++i) {
        const auto k = static_cast<unsigned>(std::find(from.begin(), from.end(), to[i]) -
                                             from.begin());
        if (k == i) continue;
        std::swap(from[i], from[k]);
        SmallVector<int, 32> lanes;
        for (unsigned l = 0; l < lanes_; ++l) {
            const unsigned differ = (l >> i ^ l >> k) & 1;
            lanes.push_back(static_cast<int>(l ^ (differ << i | differ << k)));
        }
        x = ir_.CreateShuffleVector(x, lanes);
    }
    return x;
}

std::vector<unsigned> Emitter::usual_order() const {
    std::vector<unsigned> bits(lane_bits_);
    for (unsigned i = 0; i < lane_bits_; ++i)
        bits[i] = i;
    return bits;
}

/// The lane that is at place `l` of the order.
unsigned Emitter::lane_at(const BitOrder& order, unsigned l) const {
    unsigned lane = 0;
    for (unsigned i = 0; i < lane_bits_; ++i)
        lane |= (l >> i & 1) << order.bits[i];
    return lane;
}

/// Loads groups of consecutive elements, and puts them where the lanes are.
Emitter::IR Emitter::load_ordered(const Way& way, const BitOrder& order) {
    const unsigned group = 1u << order.consecutive;
    auto* t = FixedVectorType::get(IntegerType::get(cx_, element_bits(way)), group);
    SmallVector<IR, 16> groups;
    for (unsigned l = 0; l < lanes_; l += group)
        groups.push_back(
            ir_.CreateAlignedLoad(t, lane_pointer(way, lane_at(order, l)), Align(way.bytes)));
    return rearranged(whole(groups), order.bits, usual_order());
}

void Emitter::store_ordered(const Way& way, const BitOrder& order, IR x, IR mask) {
    const unsigned group = 1u << order.consecutive;
    x = rearranged(x, usual_order(), order.bits);
    const auto store = [&](IR which) {
        for (unsigned l = 0; l < lanes_; l += group) {
            SmallVector<int, 32> lanes;
            for (unsigned i = 0; i < group; ++i)
                lanes.push_back(static_cast<int>(l + i));
            IR part = ir_.CreateShuffleVector(x, lanes), p = lane_pointer(way, lane_at(order, l));
            store_where(part, p, Align(way.bytes),
                        which ? ir_.CreateShuffleVector(which, lanes) : nullptr, way.shared);
        }
    };
    if (!mask) return store(nullptr);
    // Masks take the host longer to rearrange than data, and mostly all lanes store.
    llvm::BasicBlock *all = block("all"), *some = block("not_all"), *done = block("stored");
    ir_.CreateCondBr(any(ir_.CreateNot(mask)), some, all);
    ir_.SetInsertPoint(some);
    store(rearranged(mask, usual_order(), order.bits));
    ir_.CreateBr(done);
    ir_.SetInsertPoint(all);
    store(nullptr);
    ir_.CreateBr(done);
    ir_.SetInsertPoint(done);
}

} // namespace acc::model::jit
