/** Writes a resolved CloudFormation value as one line: `<Bucket.Arn>/models/*`. Rule packs name their findings in this form. */
export function flattenReference(value: unknown): string {
  if (value === undefined) return '';
  if (typeof value === 'string') return value.replace(/\$\{/g, '<').replace(/\}/g, '>');
  if (typeof value === 'object' && value !== null) {
    const intrinsic = value as Record<string, unknown>;
    if (Array.isArray(intrinsic['Fn::Join'])) {
      const [delimiter, parts] = intrinsic['Fn::Join'] as [string, unknown[]];
      return parts.map(flattenReference).join(delimiter);
    }
    if (Array.isArray(intrinsic['Fn::GetAtt'])) return `<${intrinsic['Fn::GetAtt'].map(flattenReference).join('.')}>`;
    if ('Fn::Sub' in intrinsic) return flattenReference(intrinsic['Fn::Sub']);
    if ('Fn::ImportValue' in intrinsic) return flattenReference(intrinsic['Fn::ImportValue']);
    if ('Ref' in intrinsic) return `<${flattenReference(intrinsic.Ref)}>`;
  }
  return JSON.stringify(value);
}
