// simdjson's DOM parser behind plain C, so that Swift needs no C++ interoperability.
#ifndef CSIMDJSON_H
#define CSIMDJSON_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct csimdjson_parser csimdjson_parser;

// A parser that refuses deeper nesting; NULL where memory is short.
csimdjson_parser *csimdjson_create(size_t maximum_depth);
void csimdjson_free(csimdjson_parser *parser);

// Parses one document and hands out its tape (64-bit words: a tag in the top byte, see simdjson's doc/tape.md) and the
// buffer of its strings (32-bit length, bytes, a zero). Both belong to the parser and live until its next call.
// Returns false for everything that simdjson does not accept.
_Bool csimdjson_parse(
    csimdjson_parser *parser, const uint8_t *bytes, size_t length, const uint64_t **tape, const uint8_t **strings);

#ifdef __cplusplus
}
#endif

#endif
