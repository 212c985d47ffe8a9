import { isHexDigest } from './digest-algorithm';
import type { FileDigest } from './sign-files';
import { quoted, SigningError } from './signing-error';

/** Predicate type of a statement that carries a CycloneDX BOM. */
export const BOM_PREDICATE = 'https://cyclonedx.org/bom';

/** A data set that a model was trained or evaluated on. */
export interface ModelDataset {
  readonly name: string;
  readonly version?: string;

  /** Tree digest of the data set, SHA-256. */
  readonly digest: string;

  /** How confidential it is, in the words of the organisation. */
  readonly classification?: string;

  /** Kinds of sensitive data in it. */
  readonly sensitiveData?: readonly string[];
}

/** One measured quality of a model. Numbers are text, so that they are written as they were measured. */
export interface ModelMetric {
  readonly type: string;
  readonly value: string;
  readonly slice?: string;
  readonly confidenceInterval?: { readonly lowerBound: string; readonly upperBound: string };
}

/** What the model card says. */
export interface ModelCard {
  readonly approach?: 'supervised' | 'unsupervised' | 'reinforcement-learning' | 'semi-supervised' | 'self-supervised';
  readonly task?: string;
  readonly architectureFamily?: string;
  readonly modelArchitecture?: string;

  /** Formats, as `text` or `image/png`. */
  readonly inputs?: readonly string[];
  readonly outputs?: readonly string[];
  readonly metrics?: readonly ModelMetric[];
  readonly users?: readonly string[];
  readonly useCases?: readonly string[];
  readonly technicalLimitations?: readonly string[];
  readonly ethicalConsiderations?: ReadonlyArray<{ readonly name: string; readonly mitigationStrategy: string }>;
}

export interface ModelBom {
  /** A UUID of version 4 or 5, given by the caller. */
  readonly serialNumber: string;
  readonly timestamp: Date;
  readonly name: string;
  readonly version: string;

  /** Root digest of the model's signature. */
  readonly rootDigest: string;

  /** SPDX expression. */
  readonly license?: string;
  readonly files: readonly FileDigest[];
  readonly datasets?: readonly ModelDataset[];
  readonly card?: ModelCard;
}

/**
 * A CycloneDX 1.6 BOM of a model: the model with its card, its files, and the data sets it depends on.
 * Sign it as the predicate of a statement of the type `BOM_PREDICATE`.
 *
 * @throws SigningError PREDICATE_INVALID
 */
export function toCycloneDx(bom: ModelBom): object {
  if (!/^[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(bom.serialNumber)) {
    throw new SigningError('PREDICATE_INVALID', `serial number ${quoted(bom.serialNumber)} is no UUID in lower case`);
  }
  if (Number.isNaN(bom.timestamp.getTime())) throw new SigningError('PREDICATE_INVALID', 'time of the bom is no time');
  const datasets = (bom.datasets ?? []).map((dataset, index) => ({ dataset, ref: `dataset-${index + 1}` }));
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${bom.serialNumber}`,
    version: 1,
    metadata: { timestamp: bom.timestamp.toISOString(), component: modelComponent(bom, datasets.map(({ ref }) => ref)) },
    components: datasets.map(({ dataset, ref }) => datasetComponent(dataset, ref)),
    dependencies: [{ ref: 'model', dependsOn: datasets.map(({ ref }) => ref) }, ...datasets.map(({ ref }) => ({ ref }))],
  };
}

function modelComponent(bom: ModelBom, datasetRefs: readonly string[]): object {
  return {
    'type': 'machine-learning-model',
    'bom-ref': 'model',
    'name': bom.name,
    'version': bom.version,
    'hashes': hashes(bom.rootDigest),
    'licenses': bom.license === undefined ? undefined : [{ expression: bom.license }],
    'modelCard': modelCard(bom.card ?? {}, datasetRefs),
    'components': bom.files.map(({ name, digest }, index) => ({
      'type': 'file', 'bom-ref': `file-${index + 1}`, name, 'hashes': hashes(digest),
    })),
  };
}

function modelCard(card: ModelCard, datasetRefs: readonly string[]): object {
  const formats = (names: readonly string[] | undefined): object[] | undefined => names?.map((format) => ({ format }));
  return {
    modelParameters: {
      approach: card.approach && { type: card.approach },
      task: card.task,
      architectureFamily: card.architectureFamily,
      modelArchitecture: card.modelArchitecture,
      datasets: datasetRefs.map((ref) => ({ ref })),
      inputs: formats(card.inputs),
      outputs: formats(card.outputs),
    },
    quantitativeAnalysis: card.metrics && { performanceMetrics: card.metrics },
    considerations: {
      users: card.users,
      useCases: card.useCases,
      technicalLimitations: card.technicalLimitations,
      ethicalConsiderations: card.ethicalConsiderations,
    },
  };
}

function datasetComponent(dataset: ModelDataset, ref: string): object {
  return {
    'type': 'data',
    'bom-ref': ref,
    'name': dataset.name,
    'version': dataset.version,
    'hashes': hashes(dataset.digest),
    'data': [{ type: 'dataset', name: dataset.name, classification: dataset.classification, sensitiveData: dataset.sensitiveData }],
  };
}

function hashes(digest: string): object[] {
  if (!isHexDigest('sha256', digest)) {
    throw new SigningError('PREDICATE_INVALID', `digest ${quoted(digest)} is no SHA-256 in lower-case hexadecimal`);
  }
  return [{ alg: 'SHA-256', content: digest }];
}
