// The header uses C's _Bool, which C++ compilers spell bool.
#define _Bool bool
#include "CSimdJSON.h"

#include <new>
#include <simdjson.h>

struct csimdjson_parser {
    simdjson::dom::parser parser;
};

extern "C" csimdjson_parser *csimdjson_create(size_t maximum_depth) {
    auto *parser = new (std::nothrow) csimdjson_parser;
    if (parser == nullptr) return nullptr;
    // Growing keeps the depth that was set here.
    if (parser->parser.allocate(64 * 1024, maximum_depth) != simdjson::SUCCESS) {
        delete parser;
        return nullptr;
    }
    return parser;
}

extern "C" void csimdjson_free(csimdjson_parser *parser) { delete parser; }

extern "C" bool csimdjson_parse(
    csimdjson_parser *parser, const uint8_t *bytes, size_t length, const uint64_t **tape, const uint8_t **strings) {
    try {
        // simdjson reads past the end of its input, so it copies it into a padded buffer first.
        if (parser->parser.parse(bytes, length, true).error() != simdjson::SUCCESS) return false;
    } catch (...) {
        return false;
    }
    *tape = parser->parser.doc.tape.get();
    *strings = parser->parser.doc.string_buf.get();
    return true;
}
