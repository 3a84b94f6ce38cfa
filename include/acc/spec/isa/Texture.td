// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// ACC1 textures and surfaces 0x780. Operand a is the address of a record (acc_texture.h); docs/isa/textures.md says what is computed.

class TextureOp<bits<12> c, string m, dag o, dag i, list<Mod> mods, string p> : Op<c, m, o, i, mods, p> { let Group = "Textures"; let MayLoad = 1; }
def MGeom : Mod<"geom", 0, 3, ["1d", "2d", "3d", "a1d", "a2d", "cube", "acube"], "geometry: which coordinates there are, and which kind of image">;
def MCoord : Mod<"coord", 3, 1, ["", "s32"], "coordinates are floats (default) or texel numbers">;

// c has offsets in texels for x, y, z in its bytes 0, 1, 2 (signed), which are added to texel numbers (cubemaps have none).
def TEX : TextureOp<0x780, "tex", (outs R128:$rd), (ins R64:$ra, R128:$rb, R32:$rc), [MGeom, MCoord],
    "rd = the texel at coordinates b, filtered as the record says, of level 0; c: offsets in texels">;
def TEXLOD : TextureOp<0x781, "tex.lod", (outs R128:$rd), (ins R64:$ra, R128:$rb, R64:$rc), [MGeom, MCoord],
    "the same at the level of detail in the first register of c: a float, or with s32 the number of a level; offsets in the second">;
def TEXGRAD : TextureOp<0x782, "tex.grad", (outs R128:$rd), (ins R64:$ra, R128:$rb, R256:$rc), [MGeom],
    "the same at the level of detail that the gradients in c say: three of x, y, z in one direction, three in the other; offsets in the seventh register">;
def TEXGATHER : TextureOp<0x783, "tex.gather", (outs R128:$rd), (ins R64:$ra, R128:$rb, R32:$rc),
    [Mod<"ggeom", 0, 2, ["2d", "a2d", "cube", "acube"], "geometry">, Mod<"comp", 2, 2, ["r", "g", "b", "a"], "channel">],
    "rd = one channel of the four texels that a linear filter would weigh; c: offsets in texels">;
def TEXQUERY : TextureOp<0x784, "tex.query", (outs R32:$rd), (ins R64:$ra, R32:$rb),
    [Mod<"query", 0, 4, ["width", "height", "depth", "layers", "levels", "data_type", "order", "normalized", "filter", "address_x", "address_y", "address_z", "samples"], "what is asked for">],
    "rd = what the record says of level b (of sizes; 0 when there is no such level). depth: 1 of images without; layers: 1 of images without. data_type, order, filter, address: PTX's numbers for txq">;

def MSGeom : Mod<"sgeom", 0, 3, ["1d", "2d", "3d", "a1d", "a2d"], "geometry; cubemaps are a2d">;
def MBound : Mod<"bound", 3, 2, ["trap", "clamp", "zero"], "accesses outside of the image">;
def MSize : Mod<"size", 5, 3, ["b8", "b16", "b32", "b64", "b128"], "of the access">;
def SURFLD : TextureOp<0x790, "surf.ld", (outs R128:$rd), (ins R64:$ra, R128:$rb), [MSGeom, MBound, MSize],
    "rd = the bytes at byte x of row y, slice z, layer of b; zero behind them">;
def SURFST : TextureOp<0x791, "surf.st", (outs), (ins R64:$ra, R128:$rb, R128:$rc), [MSGeom, MBound, MSize],
    "the bytes at byte x of row y, slice z, layer of b become those of c"> { let MayLoad = 1; let MayStore = 1; }
