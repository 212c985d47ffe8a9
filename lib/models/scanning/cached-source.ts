import type { RangedSource } from './ranged-source';

const BLOCK = 64 * 1024;
const BLOCKS = 16;

interface Piece {
  readonly start: number;
  readonly bytes: Uint8Array;
}

/**
 * Serves small reads out of larger ones, so that the headers and small entries of an archive cost few requests.
 *
 * A small read near the end takes the end along; one elsewhere takes what follows it.
 */
export class CachedSource implements RangedSource {
  readonly size: number;
  private readonly pieces: Piece[] = [];

  constructor(private readonly source: RangedSource) {
    this.size = source.size;
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    const wanted = Math.max(0, Math.min(length, this.size - offset));
    const index = this.pieces.findIndex((piece) => piece.start <= offset && offset + wanted <= piece.start + piece.bytes.length);
    if (index >= 0) {
      const [piece] = this.pieces.splice(index, 1);
      this.pieces.unshift(piece);
      return piece.bytes.subarray(offset - piece.start, offset - piece.start + wanted);
    }
    if (wanted >= BLOCK) {
      const bytes = await this.source.read(offset, wanted);
      this.keep({ start: offset, bytes });
      return bytes;
    }
    const start = offset > this.size - BLOCK ? Math.max(0, this.size - BLOCK) : offset;
    const bytes = await this.source.read(start, Math.min(BLOCK, this.size - start));
    this.keep({ start, bytes });
    return bytes.subarray(offset - start, offset - start + wanted);
  }

  private keep(piece: Piece): void {
    if (piece.bytes.length > 4 * BLOCK) {
      return;
    }
    this.pieces.unshift(piece);
    if (this.pieces.length > BLOCKS) {
      this.pieces.pop();
    }
  }
}
