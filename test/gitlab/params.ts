import { refuseWithError } from './answer';
import { isValues, type Value, type Values } from './body';

/** One declared parameter. What is not declared is silently dropped. */
export interface Parameter {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'boolean';
  /** The key must be there; its value may still be blank. */
  readonly required?: boolean;
  readonly notBlank?: boolean;
  readonly values?: readonly (string | number)[];
  /** Values that are refused although their type fits. */
  readonly except?: readonly (string | number)[];
  /** Stands in for a missing key and for null. */
  readonly fallback?: string | number | boolean;
}

/** A declared object with parameters of its own. */
export interface NestedParameter {
  readonly name: string;
  readonly type: 'object';
  readonly required?: boolean;
  readonly parameters: readonly Parameter[];
}

type Scalar = string | number | boolean | null;

/** The declared parameters that were sent or have a default. Undefined means not sent, null means sent as null. */
export interface Params {
  has(name: string): boolean;
  string(name: string): string | null | undefined;
  integer(name: string): number | null | undefined;
  boolean(name: string): boolean | null | undefined;
  /** The nested object, with nothing in it where it was not sent. */
  object(name: string): Params;
  /** Whether this object was sent, be it empty. */
  readonly wasSent: boolean;
  /** The declared values as they are after coercion and defaults, for the links of a list. */
  settled(): Values;
}

/** The parameter layer: checks and coerces, or refuses with 400 `{"error":"…, …"}` (GitLab API contract 3.2). */
export function checkParams(declared: readonly (Parameter | NestedParameter)[], sent: Values): Params {
  const problems: string[] = [];
  const scalars = new Map<string, Scalar>();
  const objects = new Map<string, Params>();
  for (const parameter of declared) {
    if (parameter.type === 'object') {
      objects.set(parameter.name, checkNested(parameter, sent, problems));
    } else {
      checkOne(parameter, parameter.name, sent, scalars, problems);
    }
  }
  if (problems.length > 0) {
    throw refuseWithError(400, [...new Set(problems)].join(', '));
  }
  return paramsOf(scalars, objects);
}

function checkNested(nested: NestedParameter, sent: Values, problems: string[]): Params {
  const value = sent[nested.name];
  const scalars = new Map<string, Scalar>();
  if (nested.required && value === undefined) {
    problems.push(`${nested.name} is missing`);
  }
  const fits = value === undefined || value === null || isValues(value);
  if (!fits) {
    problems.push(`${nested.name} is invalid`);
  }
  for (const parameter of nested.parameters) {
    const label = `${nested.name}[${parameter.name}]`;
    if (isValues(value) || (fits && nested.required)) {
      checkOne(parameter, label, isValues(value) ? value : {}, scalars, problems);
    } else if (!fits && !Array.isArray(value) && nested.required && parameter.required) {
      problems.push(`${label} is missing`, `${label} is invalid`);
    }
  }
  return paramsOf(scalars, new Map(), isValues(value));
}

function checkOne(
  parameter: Parameter,
  label: string,
  sent: Values,
  scalars: Map<string, Scalar>,
  problems: string[],
): void {
  const raw = Object.hasOwn(sent, parameter.name) ? sent[parameter.name] : undefined;
  if (parameter.required && raw === undefined) {
    problems.push(`${label} is missing`);
  }
  const value = raw === undefined ? undefined : coerce(parameter.type, raw);
  if (raw !== undefined && value === undefined) {
    problems.push(`${label} is invalid`, ...(parameter.notBlank ? [`${label} is empty`] : []));
    return;
  }
  if (parameter.notBlank && isBlank(value)) {
    problems.push(`${label} is empty`);
  }
  const settled = value ?? parameter.fallback ?? value;
  if (parameter.values && settled !== undefined && settled !== null && !includes(parameter.values, settled)) {
    problems.push(`${label} does not have a valid value`);
  }
  if (settled !== undefined && settled !== null && parameter.except && includes(parameter.except, settled)) {
    problems.push(`${label} has a value not allowed`);
  }
  if (settled !== undefined) {
    scalars.set(parameter.name, settled);
  }
}

const yes = ['1', 'on', 'On', 'ON', 't', 'true', 'True', 'TRUE', 'T', 'y', 'yes', 'Yes', 'YES', 'Y'];
const no = ['0', 'off', 'Off', 'OFF', 'f', 'false', 'False', 'FALSE', 'F', 'n', 'no', 'No', 'NO', 'N'];

/** Grape's coercions; undefined is a value that does not fit. */
function coerce(type: Parameter['type'], raw: Value): Scalar | undefined {
  if (raw === null) {
    return null;
  }
  if (typeof raw === 'object') {
    return undefined;
  }
  if (type === 'string') {
    return String(raw);
  }
  if (raw === '') {
    return null;
  }
  if (type === 'boolean') {
    const word = String(raw);
    return yes.includes(word) || (no.includes(word) ? false : undefined);
  }
  if (typeof raw === 'number') {
    return Math.trunc(raw);
  }
  return typeof raw === 'string' && /^\s*[+-]?\d+\s*$/.test(raw) ? Number(raw) : undefined;
}

function isBlank(value: Scalar | undefined): boolean {
  return value === undefined || value === null || (typeof value === 'string' && value.trim() === '');
}

function includes(values: readonly Scalar[], value: Scalar): boolean {
  return values.includes(value);
}

function paramsOf(
  scalars: ReadonlyMap<string, Scalar>,
  objects: ReadonlyMap<string, Params>,
  sent: boolean = true,
): Params {
  return {
    has: (name) => scalars.has(name),
    string: (name) => only(scalars.get(name), isString),
    integer: (name) => only(scalars.get(name), isNumber),
    boolean: (name) => only(scalars.get(name), isBoolean),
    object: (name) => objects.get(name) ?? emptyParams,
    settled: () => Object.fromEntries(scalars),
    wasSent: sent,
  };
}

const emptyParams: Params = {
  has: () => false,
  string: () => undefined,
  integer: () => undefined,
  boolean: () => undefined,
  object: () => emptyParams,
  settled: () => ({}),
  wasSent: false,
};

const isString = (value: Scalar): value is string => typeof value === 'string';
const isNumber = (value: Scalar): value is number => typeof value === 'number';
const isBoolean = (value: Scalar): value is boolean => typeof value === 'boolean';

function only<T extends Scalar>(value: Scalar | undefined, is: (value: Scalar) => value is T): T | null | undefined {
  return value === undefined || value === null || is(value) ? value : undefined;
}
