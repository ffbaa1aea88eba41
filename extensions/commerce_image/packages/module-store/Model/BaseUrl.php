<?php

declare(strict_types=1);

namespace Magento\Store\Model;

use Magento\Framework\App\Config\ScopeConfigInterface;
use Magento\Framework\App\Request;

/**
 * The base URLs of a store view, their placeholders replaced; each ends with a slash.
 */
class BaseUrl
{
    private const UNSECURE_PATH = 'web/unsecure/base_url';
    private const SECURE_PATH = 'web/secure/base_url';
    private const OFFLOADER_PATH = 'web/secure/offloader_header';

    public function __construct(
        private readonly ScopeConfigInterface $scopeConfig,
        private readonly Request $request,
    ) {
    }

    public function getUnsecure(Store $store): string
    {
        return $this->replacePlaceholders($this->getValue(self::UNSECURE_PATH, $store), $store);
    }

    public function getSecure(Store $store): string
    {
        return $this->replacePlaceholders($this->getValue(self::SECURE_PATH, $store), $store);
    }

    /**
     * That of the scheme by which the client has come.
     */
    public function getCurrent(Store $store): string
    {
        $header = (string)$this->scopeConfig->getValue(self::OFFLOADER_PATH);

        return $this->request->isSecure($header) ? $this->getSecure($store) : $this->getUnsecure($store);
    }

    private function replacePlaceholders(string $url, Store $store): string
    {
        if (str_contains($url, '{{unsecure_base_url}}')) {
            $url = str_replace('{{unsecure_base_url}}', $this->getValue(self::UNSECURE_PATH, $store), $url);
        }
        if (str_contains($url, '{{base_url}}')) {
            $header = (string)$this->scopeConfig->getValue(self::OFFLOADER_PATH);
            $scheme = $this->request->isSecure($header) ? 'https' : 'http';
            $url = str_replace('{{base_url}}', "$scheme://{$this->request->getHost()}/", $url);
        }

        return rtrim($url, '/') . '/';
    }

    private function getValue(string $path, Store $store): string
    {
        return (string)$this->scopeConfig->getValue($path, ScopeConfigInterface::SCOPE_STORES, $store->code);
    }
}
