interface Address {
  lines: string | null;
  city: string | null;
  region: string | null;
  postalCode: string | null;
  country: string | null;
}

/** An address in one line: `12 Park Street, Kolkata 700016, India` */
export function addressLine({ lines, city, region, postalCode, country }: Address): string {
  const place = [city, postalCode].filter(Boolean).join(' ');
  return [lines?.replaceAll(/\s*\n\s*/g, ', '), place, region, country].filter(Boolean).join(', ') || 'Empty';
}
