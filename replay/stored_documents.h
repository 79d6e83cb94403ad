// StoredDocuments: a filing's documents, read from the segments for its delivery.
#pragma once

#include <functional>
#include <memory>

#include "replay/case_system_port.h"
#include "store/draft.h"
#include "store/extent_reader.h"
#include "store/segment_file.h"
#include "store/view.h"

namespace nightbox {

// Told, on the reading thread, that a stored document is not what was stored: for a
// QuarantineDocument, to which only the time is to be added.
using DamageFound = std::function<void(QuarantineDocument)>;

// kDataLoss when the index does not have a document of the filing whole. Reads the index only, not
// the bytes. `segments` must outlive the source. The errors say what the operator is to do.
Result<std::shared_ptr<DocumentSource>> OpenStoredDocuments(
    const View& view, SegmentFiles& segments, const FilingSnapshot& filing,
    DamageFound on_damage = [](const QuarantineDocument&) {});

}  // namespace nightbox
