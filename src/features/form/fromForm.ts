import * as z from 'zod/mini';
import { clusterDraft } from '../../core/model/clusterDraft';
import { formField } from './protocol';

/** What a form says to the extension. In a file of its own, since the page itself need not carry what parses it. */
export const fromForm = z.discriminatedUnion('type', [
  /** The page is there and listens. Comes again where the editor loads the page anew, as when it moves to a window. */
  z.object({ type: z.literal('ready') }),
  /** Something was typed or chosen; answered with `checked`. `edit` counts the edits of this page. */
  z.object({ type: z.literal('edited'), draft: clusterDraft, edit: z.number() }),
  z.object({ type: z.literal('submit'), draft: clusterDraft }),
  z.object({ type: z.literal('cancel') }),
  /** The effect on environments was not checked in time, and the user wants to wait for it. */
  z.object({ type: z.literal('checkEffect') }),
  /** Check the API URL with what is typed, or stop checking; show every step of the last check. */
  z.object({ type: z.enum(['checkConnection', 'stopConnection', 'showConnection']) }),
  /** A text was pasted into a field or dropped; `quiet` where it also went into that field. */
  z.object({ type: z.literal('pasted'), text: z.string(), quiet: z.boolean() }),
  z.object({ type: z.literal('readClipboard') }),
  z.object({ type: z.literal('chooseFile') }),
  /** Some fields of one of the choices offered last shall be filled in. */
  z.object({ type: z.literal('take'), choice: z.number(), fields: z.array(formField) }),
  z.object({ type: z.literal('forget') }),
  z.object({ type: z.literal('showRecipe') }),
  z.object({ type: z.literal('searchProjects'), request: z.number(), text: z.string() }),
]);
export type FromForm = z.infer<typeof fromForm>;
