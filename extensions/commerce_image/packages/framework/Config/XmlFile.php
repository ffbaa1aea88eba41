<?php

declare(strict_types=1);

namespace Magento\Framework\Config;

use RuntimeException;
use SimpleXMLElement;

/**
 * A configuration file. One that cannot be read is an error, not an empty one.
 */
class XmlFile
{
    /**
     * @throws RuntimeException
     */
    public static function read(string $path): SimpleXMLElement
    {
        libxml_clear_errors();
        $wereInternal = libxml_use_internal_errors(true);
        $xml = simplexml_load_file($path, options: LIBXML_NONET);
        $error = libxml_get_last_error();
        libxml_use_internal_errors($wereInternal);
        if ($xml === false) {
            $reason = $error === false ? 'it cannot be opened' : trim($error->message);
            throw new RuntimeException("The XML in file \"$path\" is invalid: $reason");
        }

        return $xml;
    }
}
