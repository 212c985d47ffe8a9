import type { ConstructMetadata } from '../template-source';
import type { Finding } from './finding';

/** Adds what the assembly knows of a finding's resource and its template does not say: its construct, and the line that made it. */
export function withPlaces(findings: readonly Finding[], metadata: ConstructMetadata): Finding[] {
  return findings.map((finding) => {
    const [, stackId, logicalId] = /^(.*)\/([^/]*)$/s.exec(finding.resource) ?? [];
    const constructPath = finding.constructPath ?? metadata.constructPathOf(stackId, logicalId);
    const location = constructPath === undefined ? undefined : metadata.locationOf(constructPath);
    return { ...finding, ...(constructPath === undefined ? {} : { constructPath }), ...(location === undefined ? {} : { location }) };
  });
}
