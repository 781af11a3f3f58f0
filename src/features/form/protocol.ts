import * as z from 'zod/mini';
import { attributeNames } from '../../core/model/attributes';
import { clusterDraft } from '../../core/model/clusterDraft';

/**
 * What the extension says to a form; fromForm.ts has what a form says. Both ends parse what they get, and ignore what they
 * do not know. The service token travels from the form only; the access token of GitLab never enters a form.
 */

/** A field of the form is named as the attribute it edits. */
export const formField = z.enum(attributeNames);
export type FormField = z.infer<typeof formField>;

const foundProject = z.object({ id: z.number(), path: z.string() });
export type FoundProject = z.infer<typeof foundProject>;

/** A decoded certificate, or a sentence saying why there is none. Dates as ISO 8601. */
const inspected = z.union([
  z.object({
    subject: z.string(),
    issuer: z.string(),
    validFrom: z.string(),
    validTo: z.string(),
    sha256: z.string(),
  }),
  z.object({ problem: z.string() }),
]);
export type InspectedCertificate = z.infer<typeof inspected>;

const finding = z.object({
  field: formField,
  severity: z.enum(['error', 'warning', 'information']),
  message: z.string(),
  /** What the user may have meant, to be put in place with one click; never of the service token. */
  offer: z.optional(z.string()),
});

/** What a form is about, as far as its page needs to know. */
const formContext = z.object({
  mode: z.enum(['add', 'edit']),
  level: z.enum(['instance', 'group', 'project']),
  /** `user`, or who created the cluster: then some fields are read-only. */
  provider: z.string(),
  /** The draft as the form was opened: on edit, what GitLab has. */
  initial: clusterDraft,
  /** A service token typed before the page was loaded anew; it stays with the extension. */
  tokenKept: z.boolean(),
  /** Where the cluster belongs: a path, or the host's name for the instance. */
  owner: z.string(),
  host: z.string(),
});
export type FormContext = Readonly<z.infer<typeof formContext>>;

const rejected = z.object({
  type: z.literal('rejected'),
  problems: z.array(z.object({ field: formField, message: z.string() })),
  /** What belongs to no field, in whole sentences. */
  summary: z.array(z.string()),
  /** Nobody knows whether it was saved: GitLab's answer got lost. */
  mayBeSaved: z.boolean(),
});
export type Rejected = z.infer<typeof rejected>;

const changedField = z.object({
  field: formField,
  /** What GitLab had when the form was opened, and what it has now, in words. */
  before: z.string(),
  theirs: z.string(),
  /** The user edited the field too, to something else: the form shows that value, and saving would overwrite theirs. */
  kept: z.boolean(),
});
export type ChangedField = Readonly<z.infer<typeof changedField>>;

/** One cluster found in a pasted text: its fields beside what the form has now, both in words, and what is missing. */
const offeredChoice = z.object({
  label: z.string(),
  notes: z.array(z.string()),
  /** Whether a service account made for GitLab is the way out. */
  needsAccount: z.boolean(),
  rows: z.array(
    z.object({ field: formField, found: z.string(), now: z.string(), same: z.boolean(), chosen: z.boolean() }),
  ),
});
export type OfferedChoice = z.infer<typeof offeredChoice>;

export const toForm = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('loaded'),
    context: formContext,
    /** What the controls shall show: `context.initial`, or what was typed before the page was loaded anew. */
    draft: clusterDraft,
    /** Translations of the form's sentences, where VS Code is not shown in English. */
    strings: z.optional(z.unknown()),
  }),
  /** All there is to say about the draft as it was last told. */
  z.object({
    type: z.literal('checked'),
    /** The last edit that was heard of. Where the page has a later one, this says nothing about what stands there now. */
    edit: z.number(),
    findings: z.array(finding),
    /** What the CA certificate decodes to. */
    certificates: z.array(inspected),
    /** The certificate found inside a text that GitLab would not take as it is. */
    certificateWithin: z.optional(z.string()),
  }),
  /** `looking`: GitLab's answer got lost, and one looks what became of it; that can be cancelled. */
  z.object({ type: z.literal('saving'), looking: z.boolean() }),
  rejected,
  /** Comes right after `loaded`: nothing was saved, since somebody changed the cluster since the form was opened. */
  z.object({ type: z.literal('changedMeanwhile'), fields: z.array(changedField) }),
  /** What the change would do to environments; `none` where it does nothing to any, so that there is nothing to say. */
  z.object({
    type: z.literal('effect'),
    state: z.enum(['none', 'checking', 'checked', 'notChecked']),
    lines: z.array(z.string()),
  }),
  /** What is found at the API URL as typed; `none` where that has changed since, or nothing was asked. */
  z.object({
    type: z.literal('connection'),
    state: z.enum(['none', 'checking', 'checked']),
    /** The verdict in whole sentences, then every step. */
    verdict: z.string(),
    steps: z.array(z.string()),
    /** A presented root that nobody vouches for: for the CA field, once its fingerprint was compared. */
    certificate: z.optional(z.object({ subject: z.string(), sha256: z.string(), pem: z.string() })),
  }),
  /** What a pasted text or a file was understood as. */
  z.object({ type: z.literal('found'), kind: z.string(), choices: z.array(offeredChoice) }),
  z.object({ type: z.literal('notFound'), problem: z.string(), needsAccount: z.boolean() }),
  z.object({
    type: z.literal('projectsFound'),
    request: z.number(),
    projects: z.array(foundProject),
    /** There are more than could be looked through; a longer text finds them. */
    more: z.boolean(),
    problem: z.optional(z.string()),
  }),
]);
export type ToForm = z.infer<typeof toForm>;
