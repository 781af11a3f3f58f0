import type { ClusterDraft } from '../../core/model/clusterDraft';

/**
 * What stands in a form's controls. A service token typed before the page was loaded anew is kept apart, since the page
 * never gets it back; it counts while the control is blank.
 */
export class TypedDraft {
  /** As the page may have it. */
  readonly shown: ClusterDraft;
  private readonly keptToken: string;

  private constructor(shown: ClusterDraft, keptToken: string) {
    this.shown = shown;
    this.keptToken = keptToken;
  }

  /** For a page that is yet to be loaded. */
  static forPage(draft: ClusterDraft): TypedDraft {
    return new TypedDraft({ ...draft, serviceToken: '' }, draft.serviceToken);
  }

  /** With what the page says now. */
  as(told: ClusterDraft): TypedDraft {
    return new TypedDraft(told, this.keptToken);
  }

  /** With its service token. */
  get whole(): ClusterDraft {
    const { shown, keptToken } = this;
    return shown.serviceToken.trim() === '' ? { ...shown, serviceToken: keptToken } : shown;
  }

  get isTokenKept(): boolean {
    return this.keptToken !== '';
  }
}
