// StoredDocuments: a filing's documents, read from the segments for its delivery.
#pragma once

#include <memory>
#include <vector>

#include "replay/case_system_port.h"
#include "store/extent_reader.h"
#include "store/segment_file.h"
#include "store/view.h"

namespace nightbox {

// kDataLoss when the index does not have a document of the filing whole. Reads the index only, not
// the bytes. `segments` must outlive the source.
Result<std::shared_ptr<DocumentSource>> OpenStoredDocuments(const View& view,
                                                            SegmentFiles& segments,
                                                            const FilingSnapshot& filing);

}  // namespace nightbox
