// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A row of memory for each lane: several words beside each other, at an address that moves with the
// lane by more than a few of them, or lies anywhere, as where a thread reads its own row of a
// matrix. A gather for each word takes the host as long as loading that many rows; so the rows are
// loaded, of sixteen lanes each, and turned in registers.
#include <algorithm>

#include "driver/model/jit/emitter.h"
#include "driver/model/jit/look.h"

namespace acc::model::jit {

using namespace llvm;

namespace {
constexpr unsigned kRows = 16;      ///< that are turned together
constexpr unsigned kMostWords = 32; ///< of a row

/// In each four words of x and y: words of the lower or upper half of both, alternately.
SmallVector<int, kRows> interleaved(bool upper, unsigned words) {
    SmallVector<int, kRows> which;
    for (unsigned four = 0; four < kRows; four += 4)
        for (unsigned i = 0; i < 4; ++i) {
            const unsigned piece = i / words,
                           word = (upper ? 2 : 0) + piece / 2 * words + i % words;
            which.push_back(static_cast<int>(four + word + piece % 2 * kRows));
        }
    return which;
}

/// Fours a and b of x, then those of y.
SmallVector<int, kRows> fours(unsigned a, unsigned b) {
    SmallVector<int, kRows> which;
    for (unsigned four : {a, b, a + 4, b + 4})
        for (unsigned i = 0; i < 4; ++i)
            which.push_back(static_cast<int>(4 * four + i));
    return which;
}
} // namespace

/// The accesses of the look had better be made as rows. Nothing: they are what they are.
std::shared_ptr<Emitter::Rows> Emitter::find_rows(const Look& l) const {
    const Way& way = l.way;
    if (way.store || way.shared || way.local || way.at.is_uniform() || way.inst.guarded() ||
        (way.bytes != 2 && way.bytes != 4 && way.bytes != 16) || lanes_ < kRows ||
        (way.at.is_linear() && (in_groups(way) || !is_gathered(way))))
        return nullptr;
    auto rows = std::make_shared<Rows>();
    rows->lowest = l.lowest;
    rows->words = static_cast<unsigned>(l.highest - l.lowest + way.bytes + 3) / 4;
    std::vector<bool> read(rows->words);
    for (const Way& member : l.members) {
        const auto at = static_cast<unsigned>(offset_of(member.inst) - l.lowest) / 4;
        std::fill_n(read.begin() + at, std::max(1u, way.bytes / 4), true);
        rows->members.push_back(member);
    }
    const auto wanted = static_cast<unsigned>(std::count(read.begin(), read.end(), true));
    if (wanted < 2 || 2 * wanted < rows->words || rows->words > kMostWords) return nullptr;
    return rows;
}

/// The words of a row, from one on, of all lanes.
std::vector<Emitter::IR> Emitter::turn(const Rows& all, int64_t offset, unsigned words) {
    const Way& way = all.members.front();
    std::vector<SmallVector<IR, 16>> parts(words);
    auto* row = FixedVectorType::get(ir_.getInt32Ty(), words);
    for (unsigned first = 0; first < lanes_; first += kRows) {
        SmallVector<IR, kRows> rows;
        for (unsigned i = 0; i < kRows; ++i) {
            IR p = all.pointers.empty() ? lane_pointer(way, first + i) : all.pointers[first + i];
            p = ir_.CreateConstGEP1_64(ir_.getInt8Ty(), p, static_cast<uint64_t>(offset));
            rows.push_back(ir_.CreateAlignedLoad(row, p, Align(std::min(way.bytes, 4u))));
        }
        const SmallVector<IR, 8> turned = words == 2 ? turn_pairs(rows) : turn_fours(rows, words);
        for (unsigned w = 0; w < words; ++w)
            parts[w].push_back(turned[w]);
    }
    std::vector<IR> result;
    for (const auto& p : parts)
        result.push_back(whole(p));
    return result;
}

/// Of sixteen rows of two words.
SmallVector<Emitter::IR, 8> Emitter::turn_pairs(ArrayRef<IR> rows) {
    IR x = whole(rows.take_front(kRows / 2)), y = whole(rows.drop_front(kRows / 2));
    SmallVector<IR, 8> words;
    for (unsigned w = 0; w < 2; ++w) {
        SmallVector<int, kRows> which;
        for (unsigned i = 0; i < kRows; ++i)
            which.push_back(static_cast<int>(2 * i + w));
        words.push_back(ir_.CreateShuffleVector(x, y, which));
    }
    return words;
}

/// Of sixteen rows of four or eight words: those that lie in one register of the host at a time are
/// chosen so that each step is one of its shuffles.
SmallVector<Emitter::IR, 8> Emitter::turn_fours(ArrayRef<IR> rows, unsigned words) {
    const unsigned apart = kRows / words; // rows in a register
    SmallVector<IR, 8> x;
    for (unsigned i = 0; i < words; ++i) {
        SmallVector<IR, 4> together;
        for (unsigned k = 0; k < apart; ++k)
            together.push_back(rows[i / 4 * 8 + i % 4 + 4 * k]);
        x.push_back(whole(together));
    }
    for (unsigned i = 0; i < words; i += 4) {
        IR low[4], out[4];
        for (unsigned k = 0; k < 4; ++k)
            low[k] = ir_.CreateShuffleVector(x[i + k / 2 * 2], x[i + k / 2 * 2 + 1],
                                             interleaved(k % 2, 1));
        for (unsigned w = 0; w < 4; ++w)
            out[w] = ir_.CreateShuffleVector(low[w / 2], low[w / 2 + 2], interleaved(w % 2, 2));
        std::copy(out, out + 4, x.begin() + i);
    }
    if (words == 4) return x;
    SmallVector<IR, 8> result(words);
    for (unsigned w = 0; w < 4; ++w) {
        result[w] = ir_.CreateShuffleVector(x[w], x[w + 4], fours(0, 2));
        result[w + 4] = ir_.CreateShuffleVector(x[w], x[w + 4], fours(1, 3));
    }
    return result;
}

/// All words of the rows.
std::vector<Emitter::IR> Emitter::load_turned(const Rows& rows) {
    const Way& way = rows.members.front();
    std::vector<IR> words(rows.words);
    for (unsigned at = 0; at < rows.words;) {
        const unsigned left = rows.words - at;
        unsigned n = 8;
        while (n > 2 && (n > rows.words || n / 2 >= left))
            n /= 2;
        const unsigned from = std::min(at, rows.words - n);
        const std::vector<IR> some = turn(rows, rows.lowest - offset_of(way.inst) + 4 * from, n);
        std::copy(some.begin(), some.end(), words.begin() + from);
        at = from + n;
    }
    return words;
}

/// An element of two bytes, of 32 bits here, becomes part of a word: the lower half, or the upper.
void Emitter::add_half(IR& word, IR half, bool upper) {
    half = upper ? ir_.CreateShl(half, splat(constant(32, 16)))
                 : ir_.CreateAnd(half, splat(constant(32, 0xffff)));
    word = word ? ir_.CreateOr(word, half) : half;
}

/// Of lanes that lie anywhere: where the row of each is. Those that take no part read that of one
/// which does.
void Emitter::find_pointers(Rows& rows, IR mask) {
    const Way& way = rows.members.front();
    IR lanes = way.split ? way.index.v : way.at.v;
    if (mask)
        lanes = ir_.CreateSelect(mask, lanes,
                                 splat(ir_.CreateExtractElement(lanes, first_lane(mask))));
    IR base = way.split ? host_pointer(way, way.base.v) : nullptr;
    for (unsigned l = 0; l < lanes_; ++l) {
        IR x = ir_.CreateExtractElement(lanes, l);
        rows.pointers.push_back(way.split ? indexed_pointer(way, base, x) : host_pointer(way, x));
    }
}

/// What lanes that take no part have loaded is 0, as where it is gathered: other threads may see
/// the registers of threads that a block does not have.
void Emitter::clear_others(std::vector<IR>& words, IR mask) {
    if (!mask) return;
    for (IR& w : words)
        w = ir_.CreateSelect(mask, w, Constant::getNullValue(w->getType()));
}

/// Before the first access: whole rows, where the memory of all lanes may be read; else what each
/// access would do.
void Emitter::load_rows(Rows& rows, IR mask) {
    if (rows.members.front().at.is_vector()) find_pointers(rows, mask);
    if (!rows.whole) {
        rows.loaded = load_turned(rows);
        clear_others(rows.loaded, mask);
        return;
    }
    llvm::BasicBlock *turned = block("rows"), *lanes = block("lanes"), *done = block("turned");
    ir_.CreateCondBr(rows.whole, turned, lanes);
    ir_.SetInsertPoint(turned);
    std::vector<IR> words = load_turned(rows);
    clear_others(words, mask);
    llvm::BasicBlock* turned_end = ir_.GetInsertBlock();
    ir_.CreateBr(done);
    ir_.SetInsertPoint(lanes);
    std::vector<IR> gathered(rows.words);
    const unsigned way_bytes = rows.members.front().bytes;
    for (const Way& member : rows.members) {
        const int64_t at = offset_of(member.inst) - rows.lowest;
        const std::vector<IR> some = gather_lanes(member, mask);
        if (way_bytes == 2)
            add_half(gathered[at / 4], some[0], at % 4);
        else
            std::copy(some.begin(), some.end(), gathered.begin() + at / 4);
    }
    llvm::BasicBlock* lanes_end = ir_.GetInsertBlock();
    ir_.CreateBr(done);
    ir_.SetInsertPoint(done);
    rows.loaded.resize(rows.words);
    for (unsigned w = 0; w < rows.words; ++w) {
        if (!gathered[w]) continue;
        PHINode* phi = ir_.CreatePHI(gathered[w]->getType(), 2);
        phi->addIncoming(words[w], turned_end);
        phi->addIncoming(gathered[w], lanes_end);
        rows.loaded[w] = phi;
    }
}

/// What the access loads, if it is one of those.
std::optional<std::vector<Emitter::IR>> Emitter::from_rows(const Way& way, IR mask) {
    const auto found = rows_.find(&way.inst);
    if (found == rows_.end()) return std::nullopt;
    Rows& rows = *found->second;
    if (rows.loaded.empty()) load_rows(rows, mask);
    const int64_t offset = offset_of(way.inst) - rows.lowest;
    const auto at = rows.loaded.begin() + offset / 4;
    if (way.bytes > 2) return std::vector<IR>(at, at + way.bytes / 4);
    IR word = *at, by = splat(constant(32, 16));
    if (offset % 4 == 0) {
        if (!way.is_signed) return {{ir_.CreateAnd(word, splat(constant(32, 0xffff)))}};
        word = ir_.CreateShl(word, by);
    }
    return {{way.is_signed ? ir_.CreateAShr(word, by) : ir_.CreateLShr(word, by)}};
}

} // namespace acc::model::jit
