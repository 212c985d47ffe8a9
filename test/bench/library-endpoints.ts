/**
 * Endpoints on gateways, through the library: so many as the constant says, each in a stack of its own.
 *
 * A hundred share a gateway and a store, whose policy names their roles and may have 20 KB.
 */
import { App, Stack } from 'aws-cdk-lib';
import { JsonSchemaType } from 'aws-cdk-lib/aws-apigateway';
import { CaptureStore, DataCapture, GatewayExposure, InferenceGateway, ModelImage, SecureInferenceEndpoint } from 'cdk-secure-ai/inference';
import { ApprovedModel, ModelArtifactBucket } from 'cdk-secure-ai/models';
import { NetworkSegment } from 'cdk-secure-ai/network';
import { WeakerChoice } from 'cdk-secure-ai/posture';

const count = Number('COUNT');
const env = { account: '111111111111', region: 'eu-central-1' };
const because = WeakerChoice.of({ reason: 'compared with endpoints that check nothing', owner: 'bench', expires: '2099-12-31' });
const app = new App({ builtinCloudFormationValidation: process.env.CDK_VALIDATION === 'true', autoSynth: false });

class Hundred extends Stack {
  public readonly store = new ModelArtifactBucket(this, 'Models');
  public readonly segment = new NetworkSegment(this, 'Network');
  public readonly captures = new CaptureStore(this, 'Captures');
  public readonly gateway: InferenceGateway;

  constructor(id: string) {
    super(app, `Shared${id}`, { env });
    this.gateway = new InferenceGateway(new Stack(app, `Front${id}`, { env }), 'Gateway', { exposure: GatewayExposure.regional() });
  }
}

const image = ModelImage.fromUri(`111111111111.dkr.ecr.eu-central-1.amazonaws.com/models@sha256:${'4e5f6a7b'.repeat(8)}`);

let hundred: Hundred | undefined;
for (let i = 0; i < count; i++) {
  if (hundred === undefined || i % 100 === 0) hundred = new Hundred(String(i / 100));
  const { store, segment, captures } = hundred;
  const stack = new Stack(app, `Model${i}`, { env });
  const target = new SecureInferenceEndpoint(stack, 'Endpoint', {
    // The same by hand checks nothing before it deploys either.
    model: ApprovedModel.withoutProof(stack, 'Approved', { store, prefix: `models/m${i}/sha256-${'0a1b2c3d'.repeat(8)}/`, because }),
    image,
    segment,
    capture: DataCapture.sample(10, captures),
  });
  hundred.gateway.addRoute(`m${i}`, {
    target,
    input: { type: JsonSchemaType.OBJECT, properties: { prompt: { type: JsonSchemaType.STRING, maxLength: 8_000 } }, required: ['prompt'], additionalProperties: false },
  });
}
app.synth();
