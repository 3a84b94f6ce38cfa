// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Records of images: what a texture or surface object is. Generated from it: acc_texture.h (`generate.py texture`),
// acc_texture_rules.inc, docs/host-interface/textures.md.
include "Schema.td"

def : Header<"ACC_SPEC_TEXTURE_H", "Textures and surfaces">;

def : Note<[{
A texture object or a surface object (cudaTextureObject_t, CUtexObject, cudaSurfaceObject_t, CUsurfObject; 64 bits) is the
device virtual address of a struct acc_texture, aligned to ACC_TEXTURE_ALIGN. Texture and surface instructions read the record through the address space
like any data, each time: whoever changes it or unmaps it does so between launches, and whatever it holds is checked. A record that breaks one of
the rules below, or does not fit the instruction (its geometry; a surface instruction wants ACC_TEXTURE_SURFACE), is a
fault ACC_FAULT_IMAGE; address = the record, info = offset of the first member that is wrong. A record that cannot be read is the memory fault of a load.
Texels are accessed as by loads and stores, with their faults.

The image is plain memory, row by row: texel (x, y, z) lies at base + z * slice_pitch + y * row_pitch + x * texel bytes, little endian; texel bytes = channels * bits / 8.
Layers, faces (of layer n of a cubemap: 6 * n + face; faces in the order +x, -x, +y, -y, +z, -z) and slices of 3D images are all counted by z.

Levels. Level 0 has the sizes and pitches of the record. Level l > 0 has max(1, size >> l) of width, height and depth (layers stay as many as they are; a size of an axis that the kind does not have stays 1);
its row pitch is width * texel bytes rounded up to ACC_TEXTURE_ROW_ALIGN, its slice pitch row pitch * height. Each level begins where the one before ends, rounded up to ACC_TEXTURE_LEVEL_ALIGN from base; a
level's end is slice pitch * slices behind its beginning. <acc/spec/texture_check.h> computes both the rules and the levels for C++.

How coordinates become texels, and texels results: docs/isa/textures.md.
}]>;
def : Constant<"ACC_TEXTURE_MAGIC", "0x54434341u", "\"ACCT\"">;
def : Constant<"ACC_TEXTURE_ALIGN", "128u", "of a record">;
def : Constant<"ACC_TEXTURE_ROW_ALIGN", "32u", "row pitch of the levels behind the first">;
def : Constant<"ACC_TEXTURE_LEVEL_ALIGN", "512u">;
def : Constant<"ACC_TEXTURE_MAX_WIDTH", "0x10000000u">;
def : Constant<"ACC_TEXTURE_MAX_HEIGHT", "0x20000u">;
def : Constant<"ACC_TEXTURE_MAX_DEPTH", "0x10000u">;
def : Constant<"ACC_TEXTURE_MAX_PITCH", "0x10000000000ull", "of rows and of slices">;

def Kind : Enumeration<"ACC_IMAGE_">;
def : Value<Kind, "LINEAR", 0, "a buffer: width texels, fetched by number; height and depth 1, one level">;
def : Value<Kind, "1D", 1, "height and depth 1">;
def : Value<Kind, "2D", 2, "an array, or rows of linear memory with a pitch; depth 1">;
def : Value<Kind, "3D", 3>;
def : Value<Kind, "1D_LAYERED", 4, "height 1, depth layers">;
def : Value<Kind, "2D_LAYERED", 5, "depth layers">;
def : Value<Kind, "CUBEMAP", 6, "width = height, depth 6">;
def : Value<Kind, "CUBEMAP_LAYERED", 7, "width = height, depth 6 * layers">;

def TexelType : Enumeration<"ACC_TEXEL_">;
def : Value<TexelType, "SIGNED", 0>;
def : Value<TexelType, "UNSIGNED", 1>;
def : Value<TexelType, "FLOAT", 2, "IEEE binary16 or binary32: 16 or 32 bits">;

def AddressMode : Enumeration<"ACC_ADDRESS_">;
def : Value<AddressMode, "WRAP", 0, "with normalized coordinates; else as clamp">;
def : Value<AddressMode, "CLAMP", 1>;
def : Value<AddressMode, "MIRROR", 2, "with normalized coordinates; else as clamp">;
def : Value<AddressMode, "BORDER", 3>;

def Filter : Enumeration<"ACC_FILTER_">;
def : Value<Filter, "POINT", 0>;
def : Value<Filter, "LINEAR", 1, "only when results are floats">;

def Read : Enumeration<"ACC_READ_">;
def : Value<Read, "ELEMENT", 0, "results are of the texels' type, extended to 32 bits (binary16: converted to binary32)">;
def : Value<Read, "NORMALIZED", 1, "integers of 8 or 16 bits become floats in [0, 1] or [-1, 1]; floats stay what they are">;

def TextureFlag : FlagSet<"ACC_TEXTURE_", 4, "u">;
def : Flag<TextureFlag, "SURFACE", 0, "surface instructions may access it (texture instructions always may)">;
def : Flag<TextureFlag, "NORMALIZED", 1, "coordinates are in units of the size of the image">;
def : Flag<TextureFlag, "SRGB", 2, "channels 0 to 2 of unsigned 8-bit texels that are read normalized become linear; no effect on others">;
def : Flag<TextureFlag, "SEAMLESS", 3, "filtering of cubemaps goes across the edges of faces">;

def : Note<[{
Numbers are the values of CUDA's enumerations. Floats are their bits.
}]>;
def Texture : Struct<"acc_texture", 128>;
def : Member<Texture, "u32", "magic", 0> { let Is = "ACC_TEXTURE_MAGIC"; }
def : Member<Texture, "u16", "version", 4> { let Is = "1"; }
def : Member<Texture, "u16", "flags", 6> { let Known = TextureFlag; }
def : Member<Texture, "u64", "base", 8, "address of texel (0, 0, 0)"> { let Align = 16; }
def : Member<Texture, "u32", "kind", 16> { let In = Kind; }
def : Member<Texture, "u8", "channels", 20> { let OneOf = [1, 2, 4]; }
def : Member<Texture, "u8", "bits", 21, "of a channel"> { let OneOf = [8, 16, 32]; }
def : Member<Texture, "u8", "type", 22> { let In = TexelType; }
def : Member<Texture, "u8", "levels", 23, "at most 1 + log2 of the largest size"> { let Min = 1; }
def : Member<Texture, "u32", "width", 24, "texels"> { let Min = 1; let Max = "ACC_TEXTURE_MAX_WIDTH"; }
def : Member<Texture, "u32", "height", 28> { let Min = 1; let Max = "ACC_TEXTURE_MAX_HEIGHT"; }
def : Member<Texture, "u32", "depth", 32, "slices, layers or faces"> { let Min = 1; let Max = "ACC_TEXTURE_MAX_DEPTH"; }
def : Member<Texture, "u8", "address_mode", 36, "of x, y, z", 3> { let In = AddressMode; }
def : Member<Texture, "u8", "filter", 39, "within a level"> { let In = Filter; }
def : Member<Texture, "u64", "row_pitch", 40, "bytes from a row to the next, at least those of a row; of an image without rows not looked at"> { let Align = 16; let Max = "ACC_TEXTURE_MAX_PITCH"; }
def : Member<Texture, "u64", "slice_pitch", 48, "bytes from a slice to the next, at least those of a slice; of an image without slices not looked at"> { let Align = 16; let Max = "ACC_TEXTURE_MAX_PITCH"; }
def : Member<Texture, "u8", "mip_filter", 56, "between levels"> { let In = Filter; }
def : Member<Texture, "u8", "read_mode", 57> { let In = Read; }
def : Member<Texture, "u8", "max_anisotropy", 58, "not looked at: filtering is isotropic">;
def : Member<Texture, "u8", "reserved0", 59> { let Reserved = 1; }
def : Member<Texture, "u32", "border", 60, "what texels outside have with ACC_ADDRESS_BORDER: a float, or an integer when results are integers", 4>;
def : Member<Texture, "u32", "mip_bias", 76, "float, added to each given or computed level of detail">;
def : Member<Texture, "u32", "mip_min", 80, "float, the smallest level of detail">;
def : Member<Texture, "u32", "mip_max", 84, "float, the largest level of detail">;
def : Member<Texture, "u32", "reserved", 88, "", 10> { let Reserved = 1; }
