// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Accesses whose lanes lie in some known order within a short piece of memory (every second or
// third element, a pattern of bits): the whole piece is loaded and the lanes are picked from it, or
// it is stored with a mask. That is far less for the host than an access for each lane.
#include <algorithm>

#include "driver/model/jit/emitter.h"
#include "driver/model/jit/split.h"

namespace acc::model::jit {

using namespace llvm;

namespace {
constexpr unsigned kSparsest = 4; ///< elements of the piece for each lane
} // namespace

/// Where the lanes are, in elements from the first one of the piece on. Nothing when that is not
/// known, or the piece is too long. A store needs places of their own for all.
std::optional<Emitter::Span> Emitter::span_of(const Way& way) const {
    if (!way.at.is_linear() || way.at.dynamic || way.local || way.bytes > 8 ||
        (way.bytes == 8 && way.store))
        return std::nullopt;
    const auto bytes = static_cast<int64_t>(way.bytes);
    Span span;
    span.lowest = way.at.lowest();
    const int64_t length = (way.at.highest() - span.lowest) / bytes + 1;
    if (length > kSparsest * static_cast<int64_t>(lanes_) || length < kPieceLanes)
        return std::nullopt;
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

/// Host address of an element of the piece.
Emitter::IR Emitter::span_pointer(const Way& way, const Span& span, unsigned place) {
    return ir_.CreateConstGEP1_64(
        ir_.getInt8Ty(), lane_pointer(way, 0),
        static_cast<uint64_t>(span.lowest + static_cast<int64_t>(place * way.bytes)));
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
        if (all && !mask)
            ir_.CreateAlignedStore(data, p, Align(way.bytes));
        else
            ir_.CreateMaskedStore(data, p, Align(way.bytes), which);
    }
}

/// Bits of the lane's number, those first by which the address moves from element to element: the
/// columns of a matrix are such that a gang has several rows of. Nothing when they are too few.
std::optional<Emitter::BitOrder> Emitter::order_of(const Way& way) const {
    constexpr unsigned kFewest = 3; // eight elements
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
    if (mask) mask = rearranged(mask, usual_order(), order.bits);
    for (unsigned l = 0; l < lanes_; l += group) {
        SmallVector<int, 32> which;
        for (unsigned i = 0; i < group; ++i)
            which.push_back(static_cast<int>(l + i));
        IR part = ir_.CreateShuffleVector(x, which), p = lane_pointer(way, lane_at(order, l));
        if (mask)
            ir_.CreateMaskedStore(part, p, Align(way.bytes), ir_.CreateShuffleVector(mask, which));
        else
            ir_.CreateAlignedStore(part, p, Align(way.bytes));
    }
}

} // namespace acc::model::jit
