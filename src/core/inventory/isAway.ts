import type { GitLabError } from '../gitlab/errors';
import { searchAfter } from '../gitlab/failureKinds';

/** Whether it is the host that does not answer as it should: what was known of it is still the best there is. */
export function isAway(error: GitLabError): boolean {
  const step = searchAfter(error);
  return step === 'wait' || step === 'repeat' || error.kind === 'server';
}
