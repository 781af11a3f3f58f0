import { crc32, deflateSync } from 'node:zlib';
import type { Browser } from 'playwright-core';

type Colour = readonly [red: number, green: number, blue: number];

/** As many as four bits can name: enough for text and icons, a quarter of the size of all colours. */
const COLOURS = 16;

/** The same picture with the 16 colours that come nearest to its own. */
export async function smallPng(browser: Browser, png: Buffer): Promise<Buffer> {
  const { width, height, pixels } = await decode(browser, png);
  const counts = new Map<number, number>();
  for (let at = 0; at < pixels.length; at += 4) {
    const colour = pixels.readUIntBE(at, 3);
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  const palette = chooseColours(counts);
  const indexes = new Map([...counts.keys()].map((colour) => [colour, nearest(palette, split(colour))]));
  const lineLength = 1 + Math.ceil(width / 2);
  const lines = Buffer.alloc(lineLength * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const index = indexes.get(pixels.readUIntBE((y * width + x) * 4, 3)) ?? 0;
      const at = y * lineLength + 1 + (x >> 1);
      lines.writeUInt8(lines.readUInt8(at) | (x % 2 === 0 ? index << 4 : index), at);
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  // Four bits a pixel, colours from a palette.
  header.set([4, 3], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('PLTE', Buffer.from(palette.flat().map(Math.round))),
    chunk('IDAT', deflateSync(lines, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** The pixels as red, green, blue and opacity, line by line; a browser knows how to read them. */
async function decode(browser: Browser, png: Buffer): Promise<{ width: number; height: number; pixels: Buffer }> {
  const page = await browser.newPage();
  try {
    const { width, height, text } = await page.evaluate(
      async (source) => {
        const picture = new Image();
        picture.src = source;
        await picture.decode();
        const { width, height } = picture;
        const context = Object.assign(document.createElement('canvas'), { width, height }).getContext('2d');
        context?.drawImage(picture, 0, 0);
        const bytes = context?.getImageData(0, 0, width, height).data ?? new Uint8ClampedArray();
        let text = '';
        for (let at = 0; at < bytes.length; at += 0x8000)
          text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
        return { width, height, text: btoa(text) };
      },
      `data:image/png;base64,${png.toString('base64')}`,
    );
    return { width, height, pixels: Buffer.from(text, 'base64') };
  } finally {
    await page.close();
  }
}

/** Begins with colours that are frequent and far apart, then moves each to the middle of those it stands for. */
function chooseColours(counts: ReadonlyMap<number, number>): readonly Colour[] {
  const all = [...counts].map(([colour, count]) => ({ colour: split(colour), count }));
  const chosen: Colour[] = [];
  while (chosen.length < Math.min(COLOURS, all.length)) {
    const weigh = ({ colour, count }: (typeof all)[number]): number =>
      count * Math.min(...chosen.map((one) => distance(one, colour)), 1e6);
    chosen.push(all.reduce((best, one) => (weigh(one) > weigh(best) ? one : best)).colour);
  }
  let palette: readonly Colour[] = chosen;
  for (let round = 0; round < 10; round++) {
    const sums = palette.map(() => ({ sum: [0, 0, 0], count: 0 }));
    for (const { colour, count } of all) {
      const into = sums[nearest(palette, colour)];
      if (!into) continue;
      into.count += count;
      into.sum = into.sum.map((value, at) => value + (colour[at] ?? 0) * count);
    }
    palette = palette.map((old, index): Colour => {
      const { sum: [red = 0, green = 0, blue = 0] = [], count = 0 } = sums[index] ?? {};
      return count === 0 ? old : [red / count, green / count, blue / count];
    });
  }
  return palette;
}

function split(colour: number): Colour {
  return [(colour >> 16) & 255, (colour >> 8) & 255, colour & 255];
}

function distance(one: Colour, other: Colour): number {
  return one.reduce((sum, value, at) => sum + (value - (other[at] ?? 0)) ** 2, 0);
}

function nearest(palette: readonly Colour[], colour: Colour): number {
  const distances = palette.map((one) => distance(one, colour));
  return distances.indexOf(Math.min(...distances));
}

function chunk(type: string, content: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type), content]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(content.length, 0);
  frame.writeUInt32BE(crc32(named), 4);
  return Buffer.concat([frame.subarray(0, 4), named, frame.subarray(4)]);
}
