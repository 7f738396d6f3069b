/** Every zone this computer knows, by name. */
export function timeZones(): string[] {
  return Intl.supportedValuesOf('timeZone');
}
