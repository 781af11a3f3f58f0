import { explain } from '../../core/gitlab/explain';
import type { FormPorts } from './formPorts';

/** Searches projects that may manage the cluster, the last text that was typed alone. */
export class ProjectSearch {
  private readonly ports: Pick<FormPorts, 'searchProjects' | 'post'>;
  private running: AbortController | undefined;

  constructor(ports: Pick<FormPorts, 'searchProjects' | 'post'>) {
    this.ports = ports;
  }

  async search(request: number, text: string): Promise<void> {
    this.stop();
    const running = new AbortController();
    this.running = running;
    const answer = await this.ports.searchProjects(text, running.signal).catch((error: unknown) => {
      return { projects: [], more: false, problem: explain(error).sentence };
    });
    if (this.running === running) this.ports.post({ type: 'projectsFound', request, ...answer });
  }

  stop(): void {
    this.running?.abort();
    this.running = undefined;
  }
}
