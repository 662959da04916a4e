import type { Page } from 'playwright-core';

/** The picture of the servers: a grid of red on blue, all over. */
export const hasPicture = (page: Page) =>
  page.waitForFunction(
    () => {
      const canvas = document.querySelector('canvas');
      if (canvas === null || canvas.width < 320) return false;
      const pixels = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
      const counts = { red: 0, blue: 0 };
      for (let at = 0; at < pixels.length; at += 4) {
        if ((pixels[at] ?? 0) > 0xb0 && (pixels[at + 2] ?? 0) < 0x60) counts.red++;
        if ((pixels[at] ?? 0) < 0x50 && (pixels[at + 2] ?? 0) > 0x80) counts.blue++;
      }
      const all = canvas.width * canvas.height;
      return counts.red > all / 12 && counts.blue > all / 2;
    },
    null,
    { timeout: 60_000, polling: 200 },
  );

/** What a page shows of a desktop, as a digest. */
export const pictureOf = (page: Page) =>
  page.evaluate(async () => {
    const canvas = document.querySelector('canvas');
    const image = canvas?.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height);
    if (canvas === null || image === undefined) return 'none';
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', image.data));
    return `${canvas.width}x${canvas.height} ${[...digest].join()}`;
  });

/** Everything a password could be read from. */
const writings = (text: string): readonly Buffer[] => {
  const plain = [Buffer.from(text), Buffer.from(text, 'utf16le'), Buffer.from(text, 'utf16le').swap16()];
  return plain.flatMap((bytes) => [
    ...[bytes, Buffer.from(bytes.toString('hex')), Buffer.from(bytes.toString('hex').toUpperCase())],
    // Wherever in a text of Base64 it stands: without the letters that depend on what is around it.
    ...[0, 1, 2].map((shift) =>
      Buffer.from(
        Buffer.concat([Buffer.alloc(shift), bytes])
          .toString('base64')
          .slice(Math.ceil((shift * 4) / 3), -4),
      ),
    ),
  ]);
};

/** Whether a password is in what was sent, in any writing. */
export const isIn = (parts: readonly Buffer[], password: string): boolean => {
  const all = Buffer.concat(parts);
  return writings(password).some((writing) => all.includes(writing));
};
