// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Schema of the tables of plain C headers (Queue.td, PageTable.td, CodeObject.td). The rows stand in the order in which
// they stand in the header and in the reference; gen/acc_layout.py reads them, checks them and writes both.

// The header: its guard, and what it includes.
class Header<string guard, string title> {
  string Guard = guard;
  string Title = title;  // of the page of the reference
}
class Note<string text> { string Text = text; } // a paragraph; empty lines part paragraphs

class Constant<string name, string value, string text = ""> {
  string Name = name;
  string Text = text;
  string Number = value; // as C writes it
}

class Enumeration<string prefix> { string Prefix = prefix; }
class Value<Enumeration of, string name, int number, string text = ""> {
  Enumeration Of = of;
  string Name = name;
  string Text = text;
  int Number = number;
}

// Bits of a word.
class FlagSet<string prefix, int digits, string suffix> {
  string Prefix = prefix;
  int Digits = digits;   // hexadecimal digits that are written
  string Suffix = suffix;
}
class Flag<FlagSet of, string name, int low, string text = "", int width = 1> {
  FlagSet Of = of;
  string Name = name;
  string Text = text;
  int Low = low;
  int Width = width;
}
// The bits below `width` that no row names.
class Unused<FlagSet of, string name, int width, string text = ""> {
  FlagSet Of = of;
  string Name = name;
  string Text = text;
  int Width = width;
}
// Some of the bits together.
class Union<list<Flag> parts, string name, string text = ""> {
  list<Flag> Parts = parts;
  string Name = name;
  string Text = text;
}

class Struct<string name, int bytes, string text = ""> {
  string Name = name;    // `struct acc_...`
  string Text = text;
  int Bytes = bytes;
}
def NoValues : Enumeration<"">;
def NoFlags : FlagSet<"", 1, "">;
class Member<Struct of, string type, string name, int offset, string text = "", int count = 1> {
  Struct Of = of;
  string Type = type;    // "u8" .. "u64", "i64", or the name of a struct
  string Name = name;
  string Text = text;
  int Offset = offset;   // bytes from the start
  int Count = count;     // elements of an array
  // What a member of a packet (a kernel descriptor) must fulfil, or the packet is refused with ACC_FAULT_INVALID_PACKET
  // (ACC_FAULT_INVALID_KERNEL) and the member's offset. The reference says it from here.
  bit Reserved = 0;      // zero
  int Align = 1;         // a multiple
  string AlignTo = "";   // a multiple of another member
  string When = "";      // ... but only when a third member
  int WhenMin = 0;       // is at least so large
  list<int> OneOf = [];  // below 64
  Enumeration In = NoValues;
  FlagSet Known = NoFlags;
  int Min = 0;
  string Max = "";       // as C writes it; descriptors only, as is the next
  string Is = "";        // the only value
}

// A type of packet: the value of header.type, the flags it may have, and its layout (a struct of ACC_PACKET_BYTES).
class PacketType<string name, int number, string layout, list<Flag> flags, string text = ""> {
  string Name = name;    // ACC_PKT_<Name>
  string Text = text;
  int Number = number;
  string Layout = layout;
  list<Flag> Flags = flags;
}

// What every packet has.
multiclass Frame<Struct of> {
  def : Member<of, "acc_packet_header", "header", 0>;
  def : Member<of, "u64", "signal", 48, "address of a 64-bit value, or 0"> { let Align = 8; }
  def : Member<of, "u64", "value", 56, "stored at signal when the packet is complete">;
}
