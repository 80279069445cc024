import { promisify } from 'node:util';
import zlib from 'node:zlib';
import kafkajs from 'kafkajs';

const compress = promisify(zlib.zstdCompress);
const decompress = promisify(zlib.zstdDecompress);
const LEVEL = 1;

/** A batch of Kafka's; a corrupt one must not be able to ask for all the memory there is. */
const DECOMPRESSED_BYTES_MAX = 64 * 1024 * 1024;

/**
 * Teaches kafkajs Zstandard, which Node has built in: about half the size of plain JSON events for a tenth of gzip's time.
 * kafkajs keeps its codecs in one table per process, so this is done once, on import.
 */
kafkajs.CompressionCodecs[kafkajs.CompressionTypes.ZSTD] = () => ({
  compress: ({ buffer }: { buffer: Buffer }) =>
    compress(buffer, { params: { [zlib.constants.ZSTD_c_compressionLevel]: LEVEL } }),
  decompress: (buffer: Buffer) => decompress(buffer, { maxOutputLength: DECOMPRESSED_BYTES_MAX }),
});

export const zstd = kafkajs.CompressionTypes.ZSTD;
export const uncompressed = kafkajs.CompressionTypes.None;
