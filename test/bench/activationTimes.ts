import * as z from 'zod/mini';

/** One start's milliseconds: evaluating dist/extension.js, and the call of `activate()`. */
export const ActivationTimes = z.object({ load: z.number(), activate: z.number() });
export type ActivationTimes = z.infer<typeof ActivationTimes>;

/** The environment variable that names the file the extension host leaves its times in, one JSON object per line. */
export const activationTimesFile = 'ACTIVATION_TIMES';
