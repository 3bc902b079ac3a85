// Of any bytes; the two words overlap where there are fewer than sixteen.
export function hashBytes(at: u32, end: u32): u32 {
  let h: u64 = (end - at) as u64;
  while (at + 8 <= end) {
    h = (h ^ load<u64>(at)) * 0x9e3779b97f4a7c15;
    h ^= h >> 32;
    at += 8;
  }
  const rest = end - at;
  if (rest > 0) {
    h = (h ^ (load<u64>(at) & (((1 as u64) << (rest << 3)) - 1))) * 0x9e3779b97f4a7c15;
    h ^= h >> 32;
  }
  return u32(h);
}
