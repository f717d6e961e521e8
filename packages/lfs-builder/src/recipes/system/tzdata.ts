import { defineRecipe } from '@xlfs/core';

/** Apart from glibc, of which the book makes it a part: the rules of time change several times a year. */
export const tzdata = defineRecipe({
  name: 'tzdata',
  version: '2026c',
  summary: 'Time zones of the world',
  license: 'LicenseRef-Public-Domain',
  homepage: 'https://www.iana.org/time-zones',
  reference: 'LFS 12.3, 8.5.2.2 Adding Time Zone Data',
  sources: [
    {
      name: 'tzdata',
      version: '2026c',
      url: 'https://www.iana.org/time-zones/repository/releases/tzdata{version}.tar.gz',
      debian: { package: 'tzdata' },
    },
  ],
  needs: { run: ['filesystem'] },
  weight: 0.05,
  phases: [
    {
      name: 'install',
      run: `\
zones=/usr/share/zoneinfo
regions='etcetera southamerica northamerica europe africa antarctica asia australasia backward'
zic -L /dev/null -d $zones $regions
zic -L /dev/null -d $zones/posix $regions
zic -L leapseconds -d $zones/right $regions
install -m 644 zone.tab zone1970.tab iso3166.tab $zones/
zic -d $zones -p America/New_York`,
    },
  ],
});
