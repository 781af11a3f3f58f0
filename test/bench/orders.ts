import * as z from 'zod/mini';

/** The environment variable with the port on which the bench waits for the extension hosts it opened. */
export const ordersPort = 'BENCH_ORDERS_PORT';

/** What the bench can ask of an extension host (probe.ts), one JSON object per line; each is answered by one line. */
export const Order = z.discriminatedUnion('order', [
  /** Lists the host in the extension itself, with its token and its CA. */
  z.object({ order: z.literal('addHost'), url: z.string(), token: z.string(), name: z.string(), caFile: z.string() }),
  /** Bytes in use once everything that nobody holds is gone. */
  z.object({ order: z.literal('heap') }),
  /** Watches the event loop from now on; with `profile`, notes what is computed in that file. */
  z.object({ order: z.literal('watch'), profile: z.optional(z.string()) }),
  /** What was seen of the event loop since. */
  z.object({ order: z.literal('watched') }),
  /** Milliseconds for these addresses, one after the other over the extension's way to the host. */
  z.object({
    order: z.literal('oneAfterAnother'),
    url: z.string(),
    token: z.string(),
    caFile: z.string(),
    paths: z.array(z.string()),
  }),
  /** What these addresses cost node-fetch alone, as many at a time as the extension asks for. */
  z.object({
    order: z.literal('nodeFetchAlone'),
    url: z.string(),
    token: z.string(),
    caFile: z.string(),
    paths: z.array(z.string()),
  }),
  /** Reads what the extension remembers of a host, into a tree of our own. */
  z.object({ order: z.literal('recall'), url: z.string(), folder: z.string() }),
  /** When the editor began and ended to load and activate each extension. */
  z.object({ order: z.literal('marks') }),
  /** Types filters into that tree. */
  z.object({ order: z.literal('filter') }),
]);
export type Order = z.infer<typeof Order>;

export const Answered = z.union([z.object({ failure: z.string() }), z.object({ answer: z.optional(z.unknown()) })]);

/** How late the event loop was, in milliseconds. */
export const Blocks = z.object({
  /** 99 of 100 times at most, and at worst. */
  p99: z.number(),
  max: z.number(),
  /** The most this process computed between two looks, helper threads included: what of `max` others did not cause. */
  computing: z.number(),
  /** What this process computed in all. */
  cpu: z.number(),
});
export type Blocks = z.infer<typeof Blocks>;

/** One piece of work: milliseconds by the clock, and milliseconds computed, which a busy machine does not stretch. */
export const Work = z.object({ wall: z.number(), cpu: z.number() });
export type Work = z.infer<typeof Work>;

export const Recalled = z.object({
  /** From asking the storage to the first page of rows, as VS Code would be given it. */
  toRows: Work,
  /** Until everything is there. */
  toEnd: Work,
  /** `JSON.parse` of the same file alone, in the same extension host: what no reader could do without. */
  parse: Work,
  clusters: z.number(),
});

export const Filtered = z.object({
  /** From a key to the event that tells VS Code, and to the rows it then asks for. */
  median: Work,
  worst: Work,
});

/** A moment the editor notes, in milliseconds. */
export const Mark = z.object({ name: z.string(), startTime: z.number() });
export type Mark = z.infer<typeof Mark>;
