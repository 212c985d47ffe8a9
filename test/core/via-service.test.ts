import { App, Stack } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { expect, test } from 'vitest';
import { contractStatements } from '../../lib/core/contract-statements';
import type { HandlerContract } from '../../lib/core/handler-contract';
import { viaService, viaServiceOf } from '../../lib/core/via-service';

const stack = new Stack(new App(), 'Stack', { env: { account: '111111111111', region: 'eu-central-1' } });
const suffix = { Ref: 'AWS::URLSuffix' };

test('a key works through the service of its own region, whatever region the stack is in', () => {
  const foreign = Key.fromKeyArn(stack, 'Foreign', 'arn:aws:kms:eu-west-1:111111111111:key/1');
  expect(stack.resolve(viaService(foreign, 's3'))).toEqual({ StringEquals: { 'kms:ViaService': { 'Fn::Join': ['', ['s3.eu-west-1.', suffix]] } } });
});

test('a key of the stack works through the service of the region of the stack', () => {
  expect(stack.resolve(viaService(new Key(stack, 'Key'), 'sagemaker'))).toEqual({
    StringEquals: { 'kms:ViaService': { 'Fn::Join': ['', ['sagemaker.eu-central-1.', suffix]] } },
  });
  const anywhere = new Stack(new App(), 'Anywhere');
  expect(anywhere.resolve(viaService(new Key(anywhere, 'Key'), 's3'))).toEqual({
    StringEquals: { 'kms:ViaService': { 'Fn::Join': ['', ['s3.', { Ref: 'AWS::Region' }, '.', suffix]] } },
  });
});

test('several services are each named', () => {
  const foreign = Key.fromKeyArn(stack, 'Both', 'arn:aws:kms:eu-west-1:111111111111:key/2');
  expect(stack.resolve(viaService(foreign, 'lambda', 'sqs'))).toEqual({
    StringEquals: { 'kms:ViaService': ['lambda', 'sqs'].map((service) => ({ 'Fn::Join': ['', [`${service}.eu-west-1.`, suffix]] })) },
  });
});

test('of a key of which only the ARN is known, the region is that of the ARN, or of the stack where the ARN is a reference', () => {
  const foreign = 'arn:aws:kms:eu-west-1:111111111111:key/1';
  const own = new Key(stack, 'Own').keyArn;
  const via = (region: string) => ({ 'Fn::Join': ['', [`s3.${region}.`, suffix]] });
  expect(stack.resolve(viaServiceOf(stack, [foreign], 's3'))).toEqual({ StringEquals: { 'kms:ViaService': via('eu-west-1') } });
  expect(stack.resolve(viaServiceOf(stack, [own], 's3'))).toEqual({ StringEquals: { 'kms:ViaService': via('eu-central-1') } });
  expect(stack.resolve(viaServiceOf(stack, [foreign, own, foreign], 's3'))).toEqual({ StringEquals: { 'kms:ViaService': [via('eu-west-1'), via('eu-central-1')] } });
});

test('a handler that reads a store of another region decrypts with the key there', () => {
  const contract: HandlerContract = {
    area: 'models', name: 'reader', environment: [],
    calls: [{ service: 's3', operation: 'GetObject', permits: [{ actions: ['kms:Decrypt'], slot: 'key', through: 's3' }] }],
  };
  const [statement] = contractStatements(stack, contract, { key: ['arn:aws:kms:eu-west-1:111111111111:key/1'] });
  expect(stack.resolve(statement.toStatementJson())).toMatchObject({ Condition: { StringEquals: { 'kms:ViaService': { 'Fn::Join': ['', ['s3.eu-west-1.', suffix]] } } } });
});
