/** The part of VS Code's settings that is needed here. */
interface Settings {
  get(key: string): unknown;
  inspect(key: string): { readonly defaultValue?: unknown } | undefined;
}

/** A setting that is a number. What is none counts as not set: then the manifest's default holds. */
export function numberSetting(settings: Settings, key: string): number {
  const value = settings.get(key);
  return typeof value === 'number' ? value : Number(settings.inspect(key)?.defaultValue);
}
