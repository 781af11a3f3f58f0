import { attributes } from './attributes';
import type { Attribute } from './attributes';

/** What a field is called wherever it is named. */
export function fieldLabel(field: Attribute): string {
  return attributes[field].label();
}
