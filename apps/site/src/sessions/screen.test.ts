import { expect, test } from 'vitest';
import { createScreen } from './screen.ts';

test('a screen is the last bytes, however they came, and nothing of what came before', () => {
  const most = 50;
  // Lengths that meet the end of the ring in every place, and pieces longer than it.
  for (const lengths of [[1], [7, 13], [49, 1, 50], [50], [51, 3], [120, 2, 49], [25, 25, 1, 24]]) {
    const screen = createScreen(most);
    let all = Buffer.alloc(0);
    for (let round = 0; round < 40; round++) {
      const piece = Buffer.from(
        Array.from({ length: lengths[round % lengths.length] ?? 1 }, (_, n) => (round * 31 + n) % 251),
      );
      screen.add(piece);
      all = Buffer.concat([all, piece]);
      expect([round, screen.bytes()]).toEqual([round, all.subarray(-most)]);
    }
  }
});
